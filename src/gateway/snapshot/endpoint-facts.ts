// Owns: templates that bring an endpoint of their own: from a row to where its calls go and with which key, and the model that it is to the stages.
// Not: the way there (upstream/own-endpoints.ts), or whether the address may be reached (src/network, at each connection).

import { createHash } from 'node:crypto';
import type { DatabaseLog } from '../../database/log.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import { originOf, templateEndpointContext } from '../../database/secrets/secret-context.ts';
import type { Price } from '../../primitives/price.ts';
import type { TemplateRow } from './fact-rows.ts';
import type { ModelFacts, PlatformFacts, ProviderFacts, TemplateEndpointFacts, TemplateFacts } from './facts.ts';
import { DEFAULT_MAX_OUTPUT_TOKENS } from './limits.ts';
import { withHidden } from './secret-facts.ts';

/** The provider that events, headers and metrics name for every template's own endpoint: whose it is, the template says. */
export const OWN_ENDPOINT = 'own-endpoint';

/** Reads a template's own endpoint; null where it has none. */
export type ReadEndpoint = (
  row: Pick<TemplateRow, 'id' | 'organization_id' | 'endpoint'>,
) => TemplateEndpointFacts | null;

/** As providers are waited for by default. */
const TIMEOUTS: ProviderFacts['timeouts'] = {
  connectMs: 5_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 600_000,
};

/** What its owner pays for costs nobody else: an explicit nothing, under no price of the catalog. */
const PAID_BY_ITS_OWNER: Price = {
  id: '',
  ...{ input: 0n, output: 0n, cachedInput: null, cacheWrite: null, cacheWrite1h: null, reasoning: null },
  ...{ perRequest: 0n, longContext: null },
};

/**
 * Reads endpoints. One whose key does not open, or was entered for another origin, is there and not in service: it is called neither without
 * the key nor with a key that is not for it.
 */
export function createEndpointReader({
  secrets,
  log,
  timeouts = TIMEOUTS,
}: {
  readonly secrets: SecretBox;
  readonly log: DatabaseLog;
  readonly timeouts: ProviderFacts['timeouts'] | undefined;
}): ReadEndpoint {
  const openKey = (row: Parameters<ReadEndpoint>[0], origin: string): Buffer | null => {
    const { ciphertext, key_id: keyId, origin: boundTo } = row.endpoint ?? {};
    if (typeof ciphertext !== 'string' || typeof keyId !== 'string' || boundTo !== origin) return null;
    const context = templateEndpointContext({
      templateId: String(row.id),
      organizationId: row.organization_id,
      origin,
    });
    try {
      return secrets.open({ ciphertext: Buffer.from(ciphertext, 'base64'), keyId }, context);
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      log.error({ templateId: row.id, reason }, "the key of a template's endpoint does not open");
      return null;
    }
  };
  return (row) => {
    const { endpoint } = row;
    if (endpoint === null) return null;
    const baseUrl = endpoint.base_url.replace(/\/+$/, '');
    const origin = originOf(baseUrl);
    const key = origin === null ? null : openKey(row, origin);
    const isUsable = origin !== null && (key !== null || endpoint.ciphertext === null);
    const facts = {
      id: `template:${row.id}:${fingerprint([baseUrl, endpoint.model, endpoint.ciphertext ?? ''])}`,
      slug: OWN_ENDPOINT,
      type: 'endpoint',
      protocol: 'openai',
      baseUrl,
      vendorBaseUrl: baseUrl,
      servedBySandbox: false,
      status: isUsable ? 'active' : 'inactive',
      headers: {},
      timeouts,
    } satisfies Omit<ProviderFacts, 'secret'>;
    const provider: ProviderFacts = withHidden(facts, 'secret', key?.toString('utf8') ?? null);
    return { provider, model: endpoint.model, createdAtMs: endpoint.created_at_ms };
  };
}

/** Another address, model or key is another endpoint: sockets and health of the one before are not its own. */
function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}

/**
 * The model of a template: the catalog's, or with an endpoint of its own what answers there. Undefined where the catalog's is gone. The same facts give the
 * same object.
 */
export function modelOfTemplate(platform: PlatformFacts, template: TemplateFacts): ModelFacts | undefined {
  const { endpoint, modelId } = template;
  const reference = modelId === null ? undefined : platform.models.get(modelId);
  if (endpoint === null) return reference;
  const known = made.get(template);
  if (known !== undefined && known.reference === reference) return known.model;
  const model = modelOfEndpoint(template, endpoint, reference);
  made.set(template, { reference, model });
  return model;
}

const made = new WeakMap<TemplateFacts, { readonly reference: ModelFacts | undefined; readonly model: ModelFacts }>();

/**
 * Its name has a colon, as no other has that could be asked for: what keys and rights say of a catalog model is never said of a host that a tenant named. It
 * falls back to nothing: what was meant for its owner's server goes to no other.
 */
function modelOfEndpoint(
  template: TemplateFacts,
  endpoint: TemplateEndpointFacts,
  reference: ModelFacts | undefined,
): ModelFacts {
  return {
    id: `template:${template.slug}`,
    providerId: endpoint.provider.id,
    providerModelId: endpoint.model,
    displayName: template.name,
    modelType: reference?.modelType === 'embedding' ? 'embedding' : 'llm',
    tier: 'free',
    status: 'available',
    enabled: true,
    // Empty: nothing is known for certain, so nothing is refused before the endpoint was asked.
    capabilities: new Set(),
    contextWindow: reference?.contextWindow ?? null,
    maxOutputTokens: template.maxTokens ?? reference?.maxOutputTokens ?? DEFAULT_MAX_OUTPUT_TOKENS,
    price: reference?.price ?? PAID_BY_ITS_OWNER,
    priceCents: null,
    messagesPerDay: null,
    trialMessages: 0n,
    fallbackModelIds: [],
    sortOrder: 0,
    createdAtMs: endpoint.createdAtMs,
    retiresAtMs: null,
    replacementModelId: null,
    ownProvider: endpoint.provider,
  };
}

/** Where a model is called. */
export function providerOf(platform: PlatformFacts, model: ModelFacts): ProviderFacts | undefined {
  return model.ownProvider ?? platform.providers.get(model.providerId);
}
