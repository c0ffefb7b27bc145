// Owns: organizations for the load, each with the right to a premium model, a quota, a budget and a key with limits: high enough never to refuse, so that
// every call is metered four times and none is turned away. Not: the database (world.ts).

import type pg from 'pg';
import { seedLoad } from '../../src/database/seeds/index.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';

/** An organization of the load, as far as the load needs to know it. */
export interface BenchOrganization {
  readonly id: string;
  /** In plain text. */
  readonly key: string;
}

/** Premium, so that the right to it is looked for; with a fallback, so that money is held for the dearest. */
export const MODEL = 'gpt-4o';
/** Meters of each call: the organization's quota, its budget, the key's requests and tokens a minute. */
export const METERS = 4;

/** No limit of messages a day: it would be reached, and it would be a fifth meter. */
export async function openPremiumModel(owner: pg.Client): Promise<void> {
  await owner.query('update weir.models set rate_limit_messages_per_day = null where id = $1', [MODEL]);
}

/** Adds organizations. */
export async function populate(owner: pg.Client, count: number): Promise<BenchOrganization[]> {
  const made = await seedLoad(owner, {
    clock: systemClock,
    random: createSystemRandom(),
    organizations: count,
    usersPerOrganization: 1,
  });
  const ids = made.map(({ id }) => id);
  await owner.query('begin');
  await owner.query('update weir.organizations set token_quota_monthly = 1000000000000000 where id = any($1)', [ids]);
  await owner.query(
    `update weir.virtual_keys set requests_per_minute = 1000000000, tokens_per_minute = 1000000000000
      where organization_id = any($1)`,
    [ids],
  );
  await owner.query(
    `insert into weir.entitlements (id, organization_id, model_id, source)
     select gen_random_uuid(), id, $2, 'admin_grant' from unnest($1::uuid[]) as id`,
    [ids, MODEL],
  );
  await owner.query(
    `insert into weir.budgets (id, organization_id, name, scope, period, amount_nano_usd, enforcement)
     select gen_random_uuid(), id, 'Bench', 'organization', 'monthly', 1000000000000000000, 'hard'
       from unnest($1::uuid[]) as id`,
    [ids],
  );
  await owner.query('commit');
  return made.map(({ id, key }) => ({ id, key }));
}
