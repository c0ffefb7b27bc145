// Owns: that a write repeated with the same `Idempotency-Key` is done once and answered alike. Not: the gateway's keys, which belong to virtual keys.

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../../database/pool.ts';
import { type SecretBox, SecretBoxError } from '../../database/secrets/secret-box.ts';
import { writeAnswerContext } from '../../database/secrets/secret-context.ts';
import { WeirError } from '../../primitives/errors.ts';
import { IDEMPOTENCY_KEPT_SECONDS, IDEMPOTENCY_UNDER_WAY_SECONDS } from './limits.ts';

/** A write with a key. */
export interface IdempotentWrite {
  /** Whose key: the person and organization, so that equal keys of two callers never meet. */
  readonly scope: string;
  readonly key: string;
  /** Method, address and body as one text. */
  readonly content: string;
  readonly requestId: string;
}

/** An answer as it is kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Runs writes once. */
export interface IdempotentWrites {
  /**
   * The kept answer of an earlier write, or what `run` gives, kept from then on. Answers may hold secrets that are shown once, so they are sealed. Throws 409
   * `conflict` while the first is under way, or when its outcome is unknown; 409 `idempotency_mismatch` when the key was used for another write. A write
   * that throws leaves its key free.
   */
  once(write: IdempotentWrite, run: () => Promise<KeptAnswer>): Promise<{ answer: KeptAnswer; isRepeated: boolean }>;
}

interface KeyRow {
  readonly requestHash: Buffer;
  readonly state: 'in_progress' | 'left' | 'completed';
  readonly response: Buffer | null;
}

const KEY_ID_BYTES = 8;

/** Over `weir.request_idempotency`. Times are the database's. */
export function createIdempotentWrites(options: {
  readonly database: Database;
  readonly secrets: SecretBox;
}): IdempotentWrites {
  const { database, secrets } = options;
  return {
    async once(write, run) {
      const hash = createHash('sha256').update(write.content).digest();
      if (!(await claimKey(database, write, hash))) {
        const row = await findKey(database, write);
        if (row !== undefined && !row.requestHash.equals(hash)) throw new WeirError('idempotency_mismatch');
        if (row === undefined || row.state === 'in_progress') throw new WeirError('conflict', { retryAfterSeconds: 1 });
        const answer = row.response === null ? null : openAnswer(secrets, row.response, contextOf(write, hash));
        if (answer === null) throw unknownOutcome();
        return { answer, isRepeated: true };
      }
      let answer: KeptAnswer;
      try {
        answer = await run();
      } catch (error) {
        // What the write says went wrong matters more than that its key could not be freed: the key then reads as unknown.
        await freeKey(database, write).catch(() => {});
        throw error;
      }
      await completeKey(database, write, {
        status: answer.status,
        response: sealAnswer(secrets, answer, contextOf(write, hash)),
      });
      return { answer, isRepeated: false };
    },
  };
}

function unknownOutcome(): WeirError {
  return new WeirError('conflict', {
    message:
      'Whether the first request with this idempotency key was carried out is not known. Read the state, then use a new key.',
  });
}

const contextOf = ({ scope, key }: IdempotentWrite, hash: Buffer): string =>
  writeAnswerContext({ scope, key, requestHash: hash.toString('hex') });

function sealAnswer(secrets: SecretBox, answer: KeptAnswer, context: string): Buffer {
  const { ciphertext, keyId } = secrets.seal(JSON.stringify(answer), context);
  return Buffer.concat([Buffer.from(keyId, 'hex'), ciphertext]);
}

/** Null when it was changed or sealed under a master key that is gone. */
function openAnswer(secrets: SecretBox, stored: Buffer, context: string): KeptAnswer | null {
  const sealed = { keyId: stored.toString('hex', 0, KEY_ID_BYTES), ciphertext: stored.subarray(KEY_ID_BYTES) };
  try {
    return JSON.parse(secrets.open(sealed, context).toString('utf8')) as KeptAnswer;
  } catch (error) {
    if (error instanceof SecretBoxError) return null;
    throw error;
  }
}

async function claimKey(
  database: Database,
  { scope, key, requestId }: IdempotentWrite,
  hash: Buffer,
): Promise<boolean> {
  const { rows } =
    await sql`insert into weir.request_idempotency as k (scope, key, request_hash, request_id, expires_at)
    values (${scope}, ${key}, ${hash}, ${requestId}, now() + ${IDEMPOTENCY_KEPT_SECONDS} * interval '1 second')
    on conflict (scope, key) do update set request_hash = excluded.request_hash, request_id = excluded.request_id,
        state = 'in_progress', status = null, headers = null, response = null, created_at = now(), expires_at = excluded.expires_at
      where k.expires_at <= now()
    returning 1`.execute(database.kysely);
  return rows.length === 1;
}

async function findKey(database: Database, { scope, key }: IdempotentWrite): Promise<KeyRow | undefined> {
  const { rows } = await sql<KeyRow>`select request_hash as "requestHash", response,
      case when state = 'in_progress' and created_at + ${IDEMPOTENCY_UNDER_WAY_SECONDS} * interval '1 second' <= now()
        then 'left' else state end as state
    from weir.request_idempotency where scope = ${scope} and key = ${key}`.execute(database.kysely);
  return rows[0];
}

async function completeKey(
  database: Database,
  { scope, key, requestId }: IdempotentWrite,
  { status, response }: { readonly status: number; readonly response: Buffer },
): Promise<void> {
  await sql`update weir.request_idempotency set state = 'completed', status = ${status}, response = ${response}
    where scope = ${scope} and key = ${key} and request_id = ${requestId}`.execute(database.kysely);
}

async function freeKey(database: Database, { scope, key, requestId }: IdempotentWrite): Promise<void> {
  await sql`delete from weir.request_idempotency
    where scope = ${scope} and key = ${key} and request_id = ${requestId} and state = 'in_progress'`.execute(
    database.kysely,
  );
}
