// Owns: reading and changing the platform's settings while it runs. Not: which there are (contracts), or what follows from them (the gateway's facts, which the
// database's triggers renew).

import type { Caller } from '../../contracts/caller.ts';
import { SYSTEM_CONFIG, type SystemConfigKey } from '../../contracts/platform/system-config.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Audit } from '../audit/index.ts';
import { listSettings, lockSettings, removeSetting, updateSetting } from './system-config.queries.ts';

/** A setting as it holds. */
export interface Setting {
  readonly key: SystemConfigKey;
  readonly value: boolean;
  readonly default: boolean;
  readonly description: string;
  readonly changedBy: string | null;
  /** Null: the default holds. */
  readonly changedAt: Date | null;
}

/** The settings. */
export interface SystemConfigService {
  list(caller: Caller): Promise<Setting[]>;
  /** What is left out stays, null is the default. Gives all of them. */
  update(
    caller: Caller,
    change: Readonly<Partial<Record<SystemConfigKey, boolean | null | undefined>>>,
  ): Promise<Setting[]>;
}

/** Over the given database. */
export function createSystemConfigService(options: {
  readonly database: Database;
  readonly audit: Audit;
}): SystemConfigService {
  const { database, audit } = options;
  return {
    list: (caller) => withPrincipal(database, caller, readSettings),
    update: (caller, change) =>
      withPrincipal(database, caller, async (tx) => {
        await lockSettings(tx);
        const before = await readSettings(tx);
        for (const { key, value, description } of before) {
          const wanted = change[key];
          if (wanted === null) await removeSetting(tx, key);
          else if (wanted !== undefined && wanted !== value)
            await updateSetting(tx, { key, value: wanted, description, changedBy: caller.userId });
        }
        const after = await readSettings(tx);
        const changed = after.filter(({ value }, index) => value !== before[index]?.value).map(({ key }) => key);
        if (changed.length === 0) return after;
        await audit.record(tx, caller, {
          ...{ action: 'system_config.update', targetType: 'system_config', organizationId: null },
          targetId: changed.join(','),
          before: valuesOf(before, changed),
          after: valuesOf(after, changed),
        });
        return after;
      }),
  };
}

async function readSettings(tx: DatabaseTransaction): Promise<Setting[]> {
  const stored = new Map((await listSettings(tx)).map((setting) => [setting.key, setting]));
  return (Object.keys(SYSTEM_CONFIG) as SystemConfigKey[]).map((key) => {
    const row = stored.get(key);
    const entry = SYSTEM_CONFIG[key];
    return {
      ...{ key, default: entry.default, description: entry.description },
      // As the gateway reads it: a damaged value leaves the default.
      value: typeof row?.value === 'boolean' ? row.value : entry.default,
      ...{ changedBy: row?.changedBy ?? null, changedAt: row?.updatedAt ?? null },
    };
  });
}

function valuesOf(settings: readonly Setting[], keys: readonly SystemConfigKey[]): Record<string, boolean> {
  return Object.fromEntries(settings.flatMap(({ key, value }) => (keys.includes(key) ? [[key, value]] : [])));
}
