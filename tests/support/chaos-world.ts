// Owns: the organizations, meters and credits of a chaos test, and a witness in the database that remembers every hold. Not: the servers
// (server-fleet.ts) or what the witness is asked (books.ts).

import type pg from 'pg';
import { seedReference } from '../../src/database/seeds/index.ts';
import { type LoadOrganization, seedLoad } from '../../src/database/seeds/seed-load.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createUuidV7 } from '../../src/primitives/ids.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';

/** What calls are made with. */
export interface ChaosWorld {
  readonly organizations: readonly LoadOrganization[];
}

/** Answers a model of the world gives to one person in a day, and calls that an organization's credits pay for. */
export const ROOM = 10;

const random = createSystemRandom();
const newId = (): string => createUuidV7(systemClock.nowMs(), random);

/**
 * Seeds organizations whose calls hold on six meters (quota, budget, requests and tokens a minute, credits and their lots), none of them near its end.
 * `owner` is a superuser in a migrated database that nobody serves from yet, so that no change has to be waited for.
 */
export async function createChaosWorld(
  owner: pg.Client,
  { organizations }: { organizations: number },
): Promise<ChaosWorld> {
  await seedReference(owner, { clock: systemClock, random, sandbox: true });
  await addFeature(owner);
  const made = await addOrganizations(owner, { organizations, plan: 'pro', tokenQuota: 10n ** 15n });
  const ids = made.map(({ id }) => id);
  for (const id of ids) {
    await owner.query(
      `insert into weir.budgets (id, organization_id, name, scope, period, amount_nano_usd, enforcement)
       values ($1, $2, 'All of it', 'organization', 'monthly', 1000000000000000, 'hard')`,
      [newId(), id],
    );
  }
  await owner.query(
    'update weir.virtual_keys set requests_per_minute = 1000000000, tokens_per_minute = 1000000000000 where organization_id = any ($1)',
    [ids],
  );
  await addWitness(owner);
  return { organizations: made };
}

/** Further organizations, each with room for what `plan` and `tokenQuota` give. May be called while servers run. */
export async function addOrganizations(
  owner: pg.Client,
  options: { organizations: number; plan: 'pro' | 'enterprise'; tokenQuota: bigint | null },
): Promise<LoadOrganization[]> {
  const made = await seedLoad(owner, {
    ...{ clock: systemClock, random, organizations: options.organizations, usersPerOrganization: 1 },
  });
  await owner.query('update weir.organizations set pricing_plan = $2, token_quota_monthly = $3 where id = any ($1)', [
    made.map(({ id }) => id),
    options.plan,
    options.tokenQuota?.toString() ?? null,
  ]);
  return made;
}

/** The feature `chaos` costs a credit of a type of which plan pro gives plenty. */
async function addFeature(owner: pg.Client): Promise<void> {
  await owner.query(
    "update weir.plan_credit_allocations set amount = 100000000 where plan_slug = 'pro' and credit_type = 'goal_generation'",
  );
  const id = newId();
  await owner.query(
    `insert into weir.features (id, name, display_name, credit_type, credits_per_action) values ($1, 'chaos', 'Chaos', 'goal_generation', 1)`,
    [id],
  );
  await owner.query(
    `insert into weir.deployments (id, feature_id, environment, model_id) values ($1, $2, 'production', 'sandbox-chat')`,
    [newId(), id],
  );
}

/** A model of which a person has `ROOM` messages a day, and a feature whose price lets an organization's credits pay for `ROOM` calls. */
export async function addScarceOffers(owner: pg.Client): Promise<void> {
  await owner.query(
    `insert into weir.models (id, provider_id, provider_model_id, version, display_name, model_type, enabled, capabilities,
       context_window, max_output_tokens, rate_limit_messages_per_day, metadata)
     select 'chaos-ten', provider_id, provider_model_id, 'ten', 'Ten a day', model_type, false, capabilities,
       context_window, max_output_tokens, $1, metadata from weir.models where id = 'sandbox-chat'`,
    [ROOM],
  );
  await owner.query(
    `insert into weir.model_prices (id, model_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million)
     select $1, 'chaos-ten', effective_from, input_nano_usd_per_million, output_nano_usd_per_million
       from weir.model_prices where model_id = 'sandbox-chat' limit 1`,
    [newId()],
  );
  await owner.query("update weir.models set enabled = true where id = 'chaos-ten'");
  const feature = newId();
  await owner.query(
    `insert into weir.features (id, name, display_name, credit_type, credits_per_action)
     select $1, 'chaos-ten', 'Ten a month', credit_type, amount / $2 from weir.plan_credit_allocations
      where plan_slug = 'pro' and credit_type = 'insight_analysis'`,
    [feature, ROOM],
  );
  await owner.query(
    `insert into weir.deployments (id, feature_id, environment, model_id) values ($1, $2, 'production', 'sandbox-chat')`,
    [newId(), feature],
  );
}

/** A table that only a trigger writes: a hold that was ever committed can't be forgotten by the code under test. */
async function addWitness(owner: pg.Client): Promise<void> {
  await owner.query(`
    create schema chaos;
    create table chaos.admitted (id uuid not null);
    create function chaos.remember() returns trigger language plpgsql security definer set search_path = ''
      as $$ begin insert into chaos.admitted select i.id from inserted i; return null; end $$;
    create trigger chaos_remember after insert on weir.holds referencing new table as inserted
      for each statement execute function chaos.remember();`);
}
