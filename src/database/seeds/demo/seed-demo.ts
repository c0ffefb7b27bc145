// Owns: making the demo world, once. Not: its parts (the modules beside), or keeping its secrets (whoever called).

import type { PlanSlug } from '../../../contracts/enumerations.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { Random } from '../../../primitives/random.ts';
import { createVirtualKey } from '../../../primitives/virtual-key.ts';
import { hashPassword } from '../password-hash.ts';
import { insertMissing, inTransaction, type SeedClient } from '../seed-client.ts';
import { createSeedTools } from '../seed-tools.ts';
import { type DemoUserName, demoOrganizations, demoUsers } from './demo-people.ts';
import { createDemoPassword } from './demo-secrets.ts';
import type { DemoWorld } from './demo-world.ts';
import { seedHistory } from './seed-history.ts';
import { seedCreditsAndBudgets, seedEntitlements, seedFeature, seedPersonas, seedTemplates } from './seed-offers.ts';
import { createDemoIds, seedKeys, seedOrganizations, seedUsers } from './seed-people.ts';

/** Two processes that start at once make one demo world ("demo" in ASCII). */
const DEMO_LOCK = 0x64656d6f;
const MARK = { table_name: 'demo', row_key: 'world' } as const;

export interface SeedDemoOptions {
  clock: Clock;
  random: Random;
  /** How a password is kept; the auth library's form when left out. */
  hashPassword?: (password: string) => Promise<string>;
  /** Makes a virtual key; a random `wr_test_…` when left out. */
  keyFactory?: () => string;
}

/**
 * Writes the demo world in one transaction of its own, on top of the reference data, and gives its passwords and keys, which
 * are stored nowhere else in plain text. Undefined, with nothing written, when the world is there already. Throws what the
 * database throws.
 */
export async function seedDemo(client: SeedClient, options: SeedDemoOptions): Promise<DemoWorld | undefined> {
  if (await isSeeded(client)) return undefined;
  const tools = createSeedTools(options);
  const keyFactory = options.keyFactory ?? (() => createVirtualKey('test', options.random));
  const hash = options.hashPassword ?? ((password) => hashPassword(password, options.random));
  const passwords = fromNames<DemoUserName, string>(
    demoUsers.map((user) => [user.key, createDemoPassword(options.random)]),
  );
  // Hashing takes its time and happens before the transaction.
  const passwordHashes = fromNames<DemoUserName, string>(
    await Promise.all(demoUsers.map(async ({ key }) => [key, await hash(passwords[key])] as const)),
  );
  const keys = fromNames<PlanSlug, string>(demoOrganizations.map(({ plan }) => [plan, keyFactory()]));
  const ids = createDemoIds(tools);
  const isWritten = await inTransaction(client, async () => {
    await client.query('select pg_advisory_xact_lock($1)', [DEMO_LOCK]);
    if (await isSeeded(client)) return false;
    await seedUsers(client, tools, { ids, passwordHashes });
    await seedOrganizations(client, tools, ids);
    await seedKeys(client, tools, { ids, keys });
    await seedTemplates(client, tools, ids);
    await seedPersonas(client, tools);
    await seedFeature(client, tools, ids);
    await seedEntitlements(client, tools, ids);
    const budgetId = await seedCreditsAndBudgets(client, tools, ids);
    await insertMissing(client, 'seeded_rows', [MARK]);
    await seedHistory(client, tools, { ids, budgetId });
    return true;
  });
  if (!isWritten) return undefined;
  return {
    users: fromNames<DemoUserName, DemoWorld['users'][DemoUserName]>(
      demoUsers.map(({ key, email }) => [key, { email, password: passwords[key] }]),
    ),
    organizations: fromNames<PlanSlug, DemoWorld['organizations'][PlanSlug]>(
      demoOrganizations.map(({ plan, slug }) => [plan, { id: ids.organizations[plan], slug }]),
    ),
    keys,
  };
}

async function isSeeded(client: SeedClient): Promise<boolean> {
  const { rowCount } = await client.query('select 1 from weir.seeded_rows where table_name = $1 and row_key = $2', [
    MARK.table_name,
    MARK.row_key,
  ]);
  return rowCount !== 0;
}

/** A record of every name; the callers go over the complete lists. */
function fromNames<Name extends string, Value>(entries: readonly (readonly [Name, Value])[]): Record<Name, Value> {
  return Object.fromEntries(entries) as Record<Name, Value>;
}
