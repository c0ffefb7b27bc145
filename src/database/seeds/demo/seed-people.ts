// Owns: writing the demo world's organizations, people and keys. Not: what they may use (seed-offers.ts).

import type { PlanSlug } from '../../../contracts/enumerations.ts';
import { displayVirtualKey, hashVirtualKey } from '../../../primitives/virtual-key.ts';
import { insertMissing, type SeedClient } from '../seed-client.ts';
import type { SeedTools } from '../seed-tools.ts';
import { type DemoUserName, demoOrganizations, demoUsers } from './demo-people.ts';
import type { DemoIds } from './demo-world.ts';

const DAY_MS = 86_400_000;

/** Ids for everybody and everything that is referred to. */
export function createDemoIds(tools: SeedTools): DemoIds {
  const users = Object.fromEntries(demoUsers.map((user) => [user.key, tools.newId()])) as Record<DemoUserName, string>;
  const organizations = Object.fromEntries(demoOrganizations.map(({ plan }) => [plan, tools.newId()])) as Record<
    PlanSlug,
    string
  >;
  const departments = new Map<string, string>();
  for (const { plan, departments: names } of demoOrganizations)
    for (const name of names) departments.set(`${plan}/${name}`, tools.newId());
  return { users, organizations, departments };
}

/** Users with credentials and profiles. */
export async function seedUsers(
  client: SeedClient,
  tools: SeedTools,
  world: { ids: DemoIds; passwordHashes: Readonly<Record<DemoUserName, string>> },
): Promise<void> {
  const { ids, passwordHashes } = world;
  await insertMissing(
    client,
    'users',
    demoUsers.map((user) => ({
      id: ids.users[user.key],
      name: user.name,
      email: user.email,
      email_verified: true,
      platform_role: user.platformRole,
    })),
  );
  await insertMissing(
    client,
    'accounts',
    demoUsers.map((user) => ({
      id: tools.newId(),
      user_id: ids.users[user.key],
      account_id: ids.users[user.key],
      provider_id: 'credential',
      password: passwordHashes[user.key],
    })),
  );
  await insertMissing(
    client,
    'profiles',
    demoUsers.map((user) => ({ user_id: ids.users[user.key], display_name: user.name })),
  );
}

/** Organizations with departments and memberships; the users are there. */
export async function seedOrganizations(client: SeedClient, tools: SeedTools, ids: DemoIds): Promise<void> {
  // Credit periods start with a day, so that the first lots are in force whatever the database's clock says to the second.
  const anchor = new Date(Math.floor(tools.nowMs / DAY_MS) * DAY_MS);
  await insertMissing(
    client,
    'organizations',
    demoOrganizations.map(({ plan, name, slug, businessType }) => ({
      id: ids.organizations[plan],
      name,
      slug,
      business_type: businessType,
      pricing_plan: plan,
      billing_email: `billing@${slug}.example`,
      credit_anchor_at: anchor,
    })),
  );
  await insertMissing(
    client,
    'departments',
    demoOrganizations.flatMap(({ plan, departments }) =>
      departments.map((name) => ({
        id: ids.departments.get(`${plan}/${name}`),
        organization_id: ids.organizations[plan],
        name,
      })),
    ),
  );
  await insertMissing(
    client,
    'members',
    demoUsers.flatMap(({ key, membership }) =>
      membership
        ? [
            {
              id: tools.newId(),
              organization_id: ids.organizations[membership.plan],
              user_id: ids.users[key],
              role: membership.role,
              department_id: ids.departments.get(`${membership.plan}/${membership.department}`) ?? null,
            },
          ]
        : [],
    ),
  );
  // Only now: a manager is a member.
  for (const { plan } of demoOrganizations) {
    await client.query(
      'update weir.departments set manager_user_id = $2 where organization_id = $1 and manager_user_id is null',
      [ids.organizations[plan], ids.users[`${plan}Admin`]],
    );
  }
}

/** One key an organization: its admin's, which may act for the other members too. */
export async function seedKeys(
  client: SeedClient,
  tools: SeedTools,
  world: { ids: DemoIds; keys: Readonly<Record<PlanSlug, string>> },
): Promise<void> {
  const { ids, keys } = world;
  await insertMissing(
    client,
    'virtual_keys',
    demoOrganizations.map(({ plan }) => {
      const display = displayVirtualKey(keys[plan]);
      return {
        id: tools.newId(),
        organization_id: ids.organizations[plan],
        owner_type: 'user',
        user_id: ids.users[`${plan}Admin`],
        name: 'Demo key',
        environment: 'test',
        key_hash: hashVirtualKey(keys[plan]),
        prefix: display.prefix,
        last_four: display.lastFour,
        can_act_for_members: true,
        created_by: ids.users[`${plan}Admin`],
      };
    }),
  );
}
