// Owns: the rows of idempotency keys. Times are the database's. Not: waiting or what an answer is (create-idempotency.ts, sealed-answer.ts).

import type { Database } from '../../database/pool.ts';
import type { IdempotentCall } from './idempotency.ts';
import type { IdempotencyLimits } from './limits.ts';

/** A key that is in use. */
export interface KeyRow {
  readonly requestHash: Buffer;
  readonly requestId: string;
  /** `left`: the call must have ended, and its process with it, since nothing was kept. */
  readonly state: 'under_way' | 'left' | 'completed';
  /** The sealed answer; null where none is kept. */
  readonly response: Buffer | null;
}

/** Takes the key for a call, unless another one has it. Repeated by the same call it answers true again: the first reply may have been lost. */
export async function claimKey(database: Database, call: IdempotentCall, limits: IdempotencyLimits): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `insert into weir.idempotency_keys as k (organization_id, virtual_key_id, key, request_hash, request_id, expires_at)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
     on conflict (virtual_key_id, key) do update
        set organization_id = excluded.organization_id, request_hash = excluded.request_hash, request_id = excluded.request_id,
            state = 'in_progress', status = null, headers = null, response = null, created_at = now(), expires_at = excluded.expires_at
      where k.expires_at <= now() or (k.request_id = excluded.request_id and k.state = 'in_progress')`,
    [call.organizationId, call.keyId, call.idempotencyKey, call.requestHash, call.requestId, limits.keptMs],
  );
  return rowCount === 1;
}

/** What is known of the key; undefined when it is free. */
export async function findKey(
  database: Database,
  call: Pick<IdempotentCall, 'keyId' | 'idempotencyKey'>,
  limits: IdempotencyLimits,
): Promise<KeyRow | undefined> {
  const { rows } = await database.pool.query<{
    request_hash: Buffer;
    request_id: string;
    state: KeyRow['state'];
    response: Buffer | null;
  }>(
    `select request_hash, request_id, response,
            case when state = 'completed' then state
                 when created_at + $3 * interval '1 millisecond' <= now() then 'left'
                 else 'under_way' end as state
       from weir.idempotency_keys
      where virtual_key_id = $1 and key = $2 and expires_at > now()`,
    [call.keyId, call.idempotencyKey, limits.underWayMs],
  );
  const [row] = rows;
  if (!row) return undefined;
  return { requestHash: row.request_hash, requestId: row.request_id, state: row.state, response: row.response };
}

/** Keeps the answer of the call that has the key. `response` is null for an answer that can't be given again. */
export async function completeKey(
  database: Database,
  call: IdempotentCall,
  kept: { readonly status: number; readonly response: Buffer | null; readonly keptMs: number },
): Promise<void> {
  await database.pool.query(
    `update weir.idempotency_keys
        set state = 'completed', status = $4, response = $5, expires_at = now() + $6 * interval '1 millisecond'
      where virtual_key_id = $1 and key = $2 and request_id = $3 and state = 'in_progress'`,
    [call.keyId, call.idempotencyKey, call.requestId, kept.status, kept.response, kept.keptMs],
  );
}

/** Gives the key back, if the call still has it. */
export async function freeKey(database: Database, call: IdempotentCall): Promise<void> {
  await database.pool.query(
    `delete from weir.idempotency_keys where virtual_key_id = $1 and key = $2 and request_id = $3 and state = 'in_progress'`,
    [call.keyId, call.idempotencyKey, call.requestId],
  );
}

/** Removes at most `limit` keys past their time, oldest first; any replica may. Gives how many went. */
export async function sweepIdempotency(database: Database, limit: number): Promise<number> {
  const { rowCount } = await database.pool.query(
    `delete from weir.idempotency_keys k using (
       select virtual_key_id, key from weir.idempotency_keys
        where expires_at <= now() order by expires_at limit $1 for update skip locked) old
      where k.virtual_key_id = old.virtual_key_id and k.key = old.key`,
    [limit],
  );
  return rowCount ?? 0;
}
