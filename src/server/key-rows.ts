// Owns: writing the row of a new virtual key. Not: the form of keys (primitives), or who may make one (the command, later the control plane).

import type { SeedClient } from '../database/seeds/seed-client.ts';
import { createUuidV7 } from '../primitives/ids.ts';
import type { Random } from '../primitives/random.ts';
import { createVirtualKey, displayVirtualKey, hashVirtualKey, type KeyEnvironment } from '../primitives/virtual-key.ts';

/** A key to make. */
export interface NewKey {
  readonly organizationId: string;
  /** The member whose key it is; null for a service key. */
  readonly email: string | null;
  readonly name: string;
  readonly environment: KeyEnvironment;
  readonly canActForMembers: boolean;
  readonly requestsPerMinute?: bigint;
  readonly tokensPerMinute?: bigint;
  readonly expiresAtMs?: number;
  readonly nowMs: number;
  readonly random: Random;
}

/** Makes a key and gives it: only its hash is stored. Throws when the email is of nobody who is a member of the organization. */
export async function insertKey(client: SeedClient, key: NewKey): Promise<string> {
  const text = createVirtualKey(key.environment, key.random);
  const display = displayVirtualKey(text);
  const userId = key.email === null ? null : await findMember(client, key.organizationId, key.email);
  await client.query(
    `insert into weir.virtual_keys (id, organization_id, owner_type, user_id, name, environment, key_hash, prefix, last_four,
       can_act_for_members, requests_per_minute, tokens_per_minute, expires_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $4)`,
    [
      createUuidV7(key.nowMs, key.random),
      key.organizationId,
      userId === null ? 'service' : 'user',
      userId,
      key.name,
      key.environment,
      hashVirtualKey(text),
      display.prefix,
      display.lastFour,
      key.canActForMembers,
      key.requestsPerMinute?.toString() ?? null,
      key.tokensPerMinute?.toString() ?? null,
      key.expiresAtMs === undefined ? null : new Date(key.expiresAtMs),
    ],
  );
  return text;
}

async function findMember(client: SeedClient, organizationId: string, email: string): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `select u.id from weir.users u join weir.members m on m.user_id = u.id
      where m.organization_id = $1 and lower(u.email) = lower($2)`,
    [organizationId, email],
  );
  const [row] = rows;
  if (!row) throw new Error(`${email} is no member of the organization`);
  return row.id;
}
