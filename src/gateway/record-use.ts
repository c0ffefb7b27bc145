// Owns: booking a call that was made elsewhere on the meters that it would have counted on, so that counters, budgets and events agree. Not: who may tell of one,
// or what it cost (the control plane's analytics).

import { sql } from 'kysely';
import type { RecordedUse, UseOwner, UseRecorder } from '../contracts/analytics/use-recorder.ts';
import type { Database } from '../database/pool.ts';
import type { LedgerStore } from '../ledger/core/ledger-store.ts';
import type { Meter } from '../ledger/core/meter.ts';
import type { UsageEvent } from '../ledger/core/usage-event.ts';
import { pinPastLegs } from '../ledger/store/past-counters.ts';
import { WeirError } from '../primitives/errors.ts';
import { uuidV7TimeMs } from '../primitives/ids.ts';
import { buildLegs } from './admission/legs.ts';
import type { Caller, Resolution } from './call.ts';
import type { FeatureFacts, KeyFacts, ModelFacts, TemplateFacts } from './snapshot/facts.ts';
import type { Snapshot } from './snapshot/snapshot.ts';

/** `usage_events.route` of such calls. */
const ROUTE = 'recorded';

/** What it is made of. `database` is a pool as `weir_gateway`. */
export interface UseRecorderOptions {
  readonly database: Database;
  readonly store: LedgerStore;
  readonly snapshot: Snapshot;
}

/** Makes it. */
export function createUseRecorder(options: UseRecorderOptions): UseRecorder {
  return {
    async open(owner) {
      const caller = await loadCaller(options, owner);
      const resolution = resolveOwner(caller, owner);
      const known = caller.platform.models.get(owner.modelId);
      const slug = known === undefined ? undefined : caller.platform.providers.get(known.providerId)?.slug;
      const provider = slug ?? owner.provider ?? 'unknown';
      return { provider, book: (use) => book(options, { caller, resolution, provider, use }) };
    },
  };
}

async function book(
  { database, store }: UseRecorderOptions,
  told: {
    readonly caller: Caller;
    readonly resolution: Resolution;
    readonly provider: string;
    readonly use: RecordedUse;
  },
): Promise<boolean> {
  const { caller, use } = told;
  const occurredAtMs = uuidV7TimeMs(use.id);
  const event = eventOf(told);
  const amounts = metersOf(told).map((meter) => ({ meter, amount: amountOf(meter, use, event.costNanoUsd) }));
  const legs = await pinPastLegs(database.kysely, amounts, occurredAtMs);
  const { id: organizationId } = caller.organization;
  const outcome = await store.settle({
    hold: { id: use.id, organizationId, reservedAtMs: occurredAtMs, legs, grantedOutput: 0n, credits: null },
    used: amounts.map(({ amount }) => amount),
    creditsUsed: 0n,
    event,
  });
  return outcome === 'orphan';
}

/**
 * Those of a call through the gateway, but its rates, which are of what comes in here, credits, which are taken before a call or not at all, and budgets over all
 * organizations: what one tells of, at a cost that it may name itself, is not what the platform pays, and must stop nobody else's calls.
 */
function metersOf({ caller, resolution }: { readonly caller: Caller; readonly resolution: Resolution }): Meter[] {
  const key: KeyFacts | null = caller.key && { ...caller.key, requestsPerMinute: null, tokensPerMinute: null };
  const call = { caller: { ...caller, key }, resolution, inputTokens: 0n, trial: false, candidates: [] };
  return buildLegs(call)
    .map(({ meter }) => meter)
    .filter(({ unit, kind, organizationId }) => unit !== 'credits' && !(kind === 'budget' && organizationId === null));
}

function amountOf(meter: Meter, { tokens, status }: RecordedUse, cost: bigint | null): bigint {
  const total = tokens.input + tokens.output;
  const isCharged = status === 'success' || total > 0n;
  switch (meter.unit) {
    case 'tokens':
      return total;
    case 'nano_usd':
      return cost ?? 0n;
    case 'messages':
    case 'requests':
    case 'credits':
      return isCharged ? 1n : 0n;
  }
}

function eventOf({
  caller,
  resolution,
  provider,
  use,
}: {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly provider: string;
  readonly use: RecordedUse;
}): UsageEvent {
  const { organization, member, key, platform } = caller;
  const { template, feature, model, modelType } = resolution;
  return {
    dimensions: {
      organizationId: organization.id,
      departmentId: member?.departmentId ?? key?.departmentId ?? null,
      userId: member?.userId ?? null,
      virtualKeyId: key?.id ?? null,
      ...{ templateId: template?.id ?? null, templateSlug: template?.slug ?? null, feature: feature?.name ?? null },
      ...{ environment: use.environment, personaId: null, modelId: model.id, provider, modelType },
      ...{ promptVersionId: null, experimentArm: null, priceId: use.priceId, route: ROUTE },
    },
    tokens: use.tokens,
    source: 'provider',
    costNanoUsd: platform.switches.chargingEnabled || use.costNanoUsd === null ? use.costNanoUsd : 0n,
    providerCostNanoUsd: use.costNanoUsd,
    ...{ status: use.status, errorCode: use.errorCode, streamed: false, trial: false, retries: 0, fallbackUsed: false },
    ...{ latencyMs: use.latencyMs, timeToFirstTokenMs: use.firstTokenMs, upstreamRequestId: null, tags: use.tags },
  };
}

async function loadCaller({ database, snapshot }: UseRecorderOptions, owner: UseOwner): Promise<Caller> {
  const { organizationId, userId, virtualKeyId } = owner;
  const [platform, organization, key] = await Promise.all([
    snapshot.platform(),
    snapshot.organization(organizationId),
    virtualKeyId === null ? null : loadKey(database, snapshot, virtualKeyId),
  ]);
  if (!organization) throw new WeirError('not_found');
  if (key !== null && userId !== key.userId && !key.canActForMembers)
    throw new WeirError('forbidden', { message: 'This key may not act for members.', param: 'user_id' });
  const member = userId === null ? null : await snapshot.member(organizationId, userId);
  if (userId !== null && member === null) throw unknown('user_id', 'names no member of this organization');
  return { key, platform, organization, member };
}

async function loadKey(database: Database, snapshot: Snapshot, id: string): Promise<KeyFacts> {
  const { rows } = await sql<{ key_hash: Buffer }>`
    select k.key_hash from weir.virtual_keys k where k.id = ${id}::uuid`.execute(database.kysely);
  const hash = rows[0]?.key_hash;
  const key = hash === undefined ? null : await snapshot.key(hash);
  if (key === null) throw new WeirError('invalid_key');
  return key;
}

function resolveOwner(caller: Caller, { modelId, feature, template }: UseOwner): Resolution {
  const found = template === null ? null : findTemplate(caller, template);
  return {
    model: caller.platform.models.get(modelId) ?? foreignModel(modelId),
    template: found,
    feature: feature === null ? null : findFeature(caller, feature),
    modelType: found === null ? 'catalog' : KINDS[found.scope],
    ...{ persona: null, promptVersionId: null, overlay: null, fallback: null },
  };
}

const KINDS = { system: 'system', organization: 'org_default', user: 'user' } as const satisfies Record<
  TemplateFacts['scope'],
  Resolution['modelType']
>;

function findTemplate({ member, organization, platform }: Caller, slug: string): TemplateFacts {
  const near = [member?.templates, organization.templates, platform.systemTemplates];
  const template = near.map((templates) => templates?.get(slug)).find((found) => found !== undefined);
  if (template === undefined) throw unknown('template', 'names no template');
  return template;
}

function findFeature({ platform }: Caller, name: string): FeatureFacts {
  const feature = platform.features.get(name);
  if (feature === undefined) throw unknown('feature', 'names no feature');
  return feature;
}

/** A model that the catalog does not know: nothing limits it but what limits every call. */
function foreignModel(id: string): ModelFacts {
  return {
    ...{ id, providerId: '', providerModelId: id, displayName: id, modelType: 'llm', tier: 'free' },
    ...{ status: 'available', enabled: false, capabilities: new Set(), contextWindow: null, maxOutputTokens: 0 },
    ...{ price: null, priceCents: null, messagesPerDay: null, trialMessages: 0n, fallbackModelIds: [] },
    ...{ sortOrder: 0, createdAtMs: 0, retiresAtMs: null, replacementModelId: null },
  };
}

function unknown(path: string, message: string): WeirError {
  return new WeirError('not_found', {
    message: `${path} ${message}.`,
    param: path,
    details: { errors: [{ path, message }] },
  });
}
