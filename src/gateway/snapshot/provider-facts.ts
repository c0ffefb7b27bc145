// Owns: from a provider's row, the environment and the sandbox to where its calls go and with which secret. Not: an organization's own secrets
// (provider-choice.ts), the headers that carry a secret (the providers' `credentials.ts`).

import { originOf } from '../../database/secrets/secret-context.ts';
import type { WireProtocol } from '../../providers/protocol.ts';
import type { ProviderRow } from './fact-rows.ts';
import type { ProviderFacts } from './facts.ts';
import type { OpenCredential } from './provider-secrets.ts';
import { withHidden } from './secret-facts.ts';

/** What the operator's environment says of providers and the sandbox. */
export interface ProviderEnvironment {
  /** Where Weir's sandbox listens, with its version path (`http://127.0.0.1:41234/v1`); null when it is off. */
  readonly sandbox: { readonly url: string } | null;
  /** By provider slug: `OPENAI_API_KEY` and `OPENAI_BASE_URL` as `{ openai: { secret, baseUrl } }`. Base URLs include the version path. */
  readonly providerOverrides: Readonly<Record<string, { readonly secret?: string; readonly baseUrl?: string }>>;
  /** How long templates' own endpoints are waited for; left out, as providers are by default. */
  readonly ownEndpointTimeouts?: ProviderFacts['timeouts'];
}

/** The sandbox takes any secret. */
const SANDBOX_SECRET = 'sandbox';
/** Vendors, which answer nobody without a secret: the sandbox may stand in for them. A custom server may well need none. */
const VENDOR_ORIGINS: Readonly<Partial<Record<ProviderFacts['type'], string>>> = {
  openai: 'https://api.openai.com',
  anthropic: 'https://api.anthropic.com',
  google: 'https://generativelanguage.googleapis.com',
  together: 'https://api.together.xyz',
};
/** OpenAI's headers for the two fields of its config. https://platform.openai.com/docs/api-reference/authentication */
const OPENAI_CONFIG_HEADERS = { organization: 'openai-organization', project: 'openai-project' } as const;

/** One provider as the gateway dispatches to it. Its secret is reached by name only (`secret-facts.ts`). */
export function toProviderFacts(
  row: ProviderRow,
  environment: ProviderEnvironment,
  openCredential: OpenCredential,
): ProviderFacts {
  const type = row.type as ProviderFacts['type'];
  const override = Object.hasOwn(environment.providerOverrides, row.slug)
    ? environment.providerOverrides[row.slug]
    : undefined;
  const vendorBaseUrl = (override?.baseUrl ?? row.base_url).replace(/\/+$/, '');
  const isSandbox = type === 'sandbox';
  const origin = originOf(vendorBaseUrl);
  const secret = isSandbox
    ? null
    : (environmentSecret(type, origin, override) ?? storedSecret(row, origin, openCredential));
  const standIn = isSandbox || (secret === null && VENDOR_ORIGINS[type] !== undefined) ? environment.sandbox : null;
  const facts = {
    id: row.id,
    slug: row.slug,
    type,
    protocol: protocolOf(row),
    baseUrl: standIn === null ? vendorBaseUrl : standIn.url.replace(/\/+$/, ''),
    vendorBaseUrl,
    servedBySandbox: standIn !== null,
    // An address that leads nowhere: `sandbox://` without the sandbox, or a text that is no URL. It must not stop every other provider.
    status: standIn === null && origin === null ? 'inactive' : (row.status as ProviderFacts['status']),
    headers: standIn === null ? configHeaders(row) : {},
    timeouts: {
      connectMs: row.connect_timeout_ms,
      firstByteMs: row.first_byte_timeout_ms,
      idleMs: row.idle_timeout_ms,
      totalMs: row.total_timeout_ms,
    },
  } satisfies Omit<ProviderFacts, 'secret'>;
  return withHidden(facts, 'secret', standIn === null ? secret : SANDBOX_SECRET);
}

/**
 * The environment's key goes to the base URL that the environment gives, or to the vendor's own origin: an administrator who points the
 * provider elsewhere in the portal does not get it sent there.
 */
function environmentSecret(
  type: ProviderFacts['type'],
  origin: string | null,
  override: { readonly secret?: string; readonly baseUrl?: string } | undefined,
): string | null {
  if (override?.secret === undefined || override.secret === '') return null;
  return override.baseUrl !== undefined || origin === VENDOR_ORIGINS[type] ? override.secret : null;
}

/** The youngest stored secret that was entered for this origin. */
function storedSecret(row: ProviderRow, origin: string | null, openCredential: OpenCredential): string | null {
  for (const credential of row.credentials) {
    const opened = credential.origin === origin ? openCredential(credential, null) : null;
    if (opened !== null) return opened.secret;
  }
  return null;
}

function protocolOf(row: ProviderRow): WireProtocol {
  const configured = row.config.protocol;
  if (configured === 'openai' || configured === 'anthropic') return configured;
  return row.type === 'anthropic' ? 'anthropic' : 'openai';
}

function configHeaders(row: ProviderRow): Record<string, string> {
  const headers: Record<string, string> = {};
  if (row.type !== 'openai') return headers;
  for (const [field, header] of Object.entries(OPENAI_CONFIG_HEADERS)) {
    const value = row.config[field];
    // A line break in a header would be a second header.
    if (typeof value === 'string' && /^[\x21-\x7e]{1,200}$/.test(value)) headers[header] = value;
  }
  return headers;
}
