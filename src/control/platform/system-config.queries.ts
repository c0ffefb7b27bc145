// Owns: the rows of the platform's settings. Not: which there are (contracts), or who may change them.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A setting that was changed. */
export interface StoredSetting {
  readonly key: string;
  readonly value: unknown;
  readonly changedBy: string | null;
  readonly updatedAt: Date;
}

/** Every setting that differs from its default, or did. */
export function listSettings(tx: DatabaseTransaction): Promise<StoredSetting[]> {
  return tx
    .selectFrom('system_config')
    .select(['key', 'value', 'changed_by as changedBy', 'updated_at as updatedAt'])
    .orderBy('key')
    .execute();
}

/** Sets one. */
export async function updateSetting(
  tx: DatabaseTransaction,
  setting: {
    readonly key: string;
    readonly value: boolean;
    readonly description: string;
    readonly changedBy: string;
  },
): Promise<void> {
  const { key, value, description, changedBy } = setting;
  await sql`insert into weir.system_config (key, value, description, changed_by)
    values (${key}, ${JSON.stringify(value)}::jsonb, ${description}, ${changedBy})
    on conflict (key) do update set value = excluded.value, description = excluded.description, changed_by = excluded.changed_by`.execute(
    tx,
  );
}

/** Back to the default. */
export async function removeSetting(tx: DatabaseTransaction, key: string): Promise<void> {
  await tx.deleteFrom('system_config').where('key', '=', key).execute();
}

/** Changes of settings come one after another, so that before and after in the log are right. */
export async function lockSettings(tx: DatabaseTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('weir settings', 0))`.execute(tx);
}
