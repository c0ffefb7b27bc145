// Owns: where sealed secrets are kept, what each is bound to, and wrapping all of them under another master key, some at a time. Not: which keys those are, or
// secrets that the auth library encrypts by itself.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../pool.ts';
import { type Sealed, type SecretBox, SecretBoxError } from './secret-box.ts';
import {
  gatewayAnswerContext,
  providerCredentialContext,
  templateEndpointContext,
  writeAnswerContext,
} from './secret-context.ts';

/** A table with sealed secrets. */
export interface SealedPlace {
  /** For people: `provider keys`. */
  readonly name: string;
  /** Whether losing one is a loss; kept answers are only remembered for a day. */
  readonly isLasting: boolean;
  readonly table: string;
  /** SQL over the table as `t`. */
  readonly row: string;
  readonly isLive: string;
  readonly keyId: string;
  readonly ciphertext: string;
  readonly facts: string;
  /** SQL that stores a new value, which is `n.key_id` and `n.ciphertext`. */
  readonly set: string;
  readonly context: (facts: Facts) => string;
}

type Facts = Readonly<Record<string, string>>;

const columns = {
  ...{ keyId: 't.key_id', ciphertext: 't.ciphertext', set: 'ciphertext = n.ciphertext, key_id = n.key_id' },
  // What was revoked is erased.
  isLive: 'octet_length(t.ciphertext) > 0',
} as const;
/** Key id and ciphertext in one column, the id in the first 8 bytes. */
const joined = {
  ...{ keyId: `encode(substring(t.response from 1 for 8), 'hex')`, ciphertext: 'substring(t.response from 9)' },
  ...{ set: `response = decode(n.key_id, 'hex') || n.ciphertext`, isLive: 'octet_length(t.response) > 8' },
} as const;

/** All of them. What is sealed somewhere else is lost when the master key changes: a new place is one entry here. */
export const SEALED_PLACES: readonly SealedPlace[] = [
  {
    ...{ ...columns, name: 'provider keys', isLasting: true, table: 'provider_credentials', row: 't.id::text' },
    facts: `jsonb_build_object('providerId', t.provider_id, 'organizationId', t.organization_id, 'origin', t.origin)`,
    context: (facts) => providerCredentialContext(facts as unknown as Parameters<typeof providerCredentialContext>[0]),
  },
  {
    ...{ ...columns, name: 'keys of template endpoints', isLasting: true, table: 'template_endpoint_secrets' },
    row: 't.template_id::text',
    facts: `jsonb_build_object('templateId', t.template_id::text, 'organizationId', t.organization_id, 'origin', t.origin)`,
    context: (facts) => templateEndpointContext(facts as unknown as Parameters<typeof templateEndpointContext>[0]),
  },
  {
    ...{ ...joined, name: 'answers to repeated calls', isLasting: false, table: 'idempotency_keys' },
    row: `t.virtual_key_id::text || '/' || t.key`,
    facts: `jsonb_build_object('keyId', t.virtual_key_id, 'idempotencyKey', t.key, 'requestHash', encode(t.request_hash, 'hex'), 'requestId', t.request_id)`,
    context: (facts) => gatewayAnswerContext(facts as unknown as Parameters<typeof gatewayAnswerContext>[0]),
  },
  {
    ...{ ...joined, name: 'answers to repeated writes', isLasting: false, table: 'request_idempotency' },
    row: `t.scope || '/' || t.key`,
    facts: `jsonb_build_object('scope', t.scope, 'key', t.key, 'requestHash', encode(t.request_hash, 'hex'))`,
    context: (facts) => writeAnswerContext(facts as unknown as Parameters<typeof writeAnswerContext>[0]),
  },
];

/** Ids of the master keys that the secrets of a place are sealed under. */
export async function listKeyIds(tx: DatabaseTransaction, place: SealedPlace): Promise<string[]> {
  const { rows } = await sql<{ keyId: string }>`
    select distinct ${sql.raw(place.keyId)} as "keyId" from weir.${sql.raw(place.table)} t where ${sql.raw(place.isLive)}`.execute(
    tx,
  );
  return rows.map(({ keyId }) => keyId);
}

/** What one batch came to. */
export interface RewrapBatch {
  readonly rewrapped: number;
  /** Rows that did not open, as text that names them; they stay as they are. */
  readonly damaged: readonly string[];
}

/**
 * Wraps up to `limit` secrets that are not yet under the box's key anew, in the caller's transaction; `passedOver` are rows that did not open before. Nothing
 * rewrapped and nothing damaged: the place is done. Safe to repeat after any interruption, since each row says which key it is under.
 */
export async function rewrapBatch(
  tx: DatabaseTransaction,
  place: SealedPlace,
  {
    box,
    limit,
    passedOver,
  }: { readonly box: SecretBox; readonly limit: number; readonly passedOver: readonly string[] },
): Promise<RewrapBatch> {
  const { rows } = await sql<{ row: string; at: string; keyId: string; ciphertext: Buffer; facts: Facts }>`
    select ${sql.raw(place.row)} as row, t.ctid::text as at, ${sql.raw(place.keyId)} as "keyId",
           ${sql.raw(place.ciphertext)} as ciphertext, ${sql.raw(place.facts)} as facts
      from weir.${sql.raw(place.table)} t
     where ${sql.raw(place.isLive)} and ${sql.raw(place.keyId)} <> ${box.keyId}
       and ${sql.raw(place.row)} <> all (${[...passedOver]}::text[])
     limit ${limit} for no key update`.execute(tx);
  const opened = rows.map(({ row, at, facts, ...sealed }) => ({
    ...{ row, at },
    rewrapped: tryRewrap(box, sealed, place.context(facts)),
  }));
  const done = opened.flatMap(({ at, rewrapped }) => (rewrapped === null ? [] : [{ at, ...rewrapped }]));
  if (done.length > 0)
    // The rows are locked, so they are still where they were read.
    await sql`
      update weir.${sql.raw(place.table)} t set ${sql.raw(place.set)}
        from unnest(${done.map(({ at }) => at)}::text[], ${done.map(({ ciphertext }) => ciphertext)}::bytea[],
          ${done.map(({ keyId }) => keyId)}::text[]) as n (at, ciphertext, key_id)
       where t.ctid = n.at::tid`.execute(tx);
  return {
    rewrapped: done.length,
    damaged: opened.filter(({ rewrapped }) => rewrapped === null).map(({ row }) => row),
  };
}

function tryRewrap(box: SecretBox, sealed: Sealed, context: string): Sealed | null {
  try {
    return box.rewrap(sealed, context);
  } catch (error) {
    if (error instanceof SecretBoxError) return null;
    throw error;
  }
}
