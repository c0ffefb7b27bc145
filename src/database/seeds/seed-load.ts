// Owns: a larger world for benches and trying at size: many organizations with people and keys. Not: the demo world.

import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { createVirtualKey, displayVirtualKey, hashVirtualKey } from '../../primitives/virtual-key.ts';
import { insertMissing, inTransaction, type SeedClient } from './seed-client.ts';
import { createSeedTools } from './seed-tools.ts';

/** Past it a seed is no longer a matter of seconds. */
const MAX_ORGANIZATIONS = 10_000;

export interface SeedLoadOptions {
  clock: Clock;
  random: Random;
  /** How many organizations, 1 to 10,000. All on plan enterprise, so that no quota stops a bench. */
  organizations: number;
  /** How many people in each, the owner included; at least 1. */
  usersPerOrganization: number;
}

/** One organization of the load world. */
export interface LoadOrganization {
  id: string;
  slug: string;
  /** The owner's key, which may act for the members. */
  key: string;
  userIds: string[];
}

/** Adds a load world to what is there, in one transaction; a second run adds another. Throws a RangeError on numbers out of bounds. */
export async function seedLoad(client: SeedClient, options: SeedLoadOptions): Promise<LoadOrganization[]> {
  if (
    !(options.organizations >= 1 && options.organizations <= MAX_ORGANIZATIONS) ||
    !(options.usersPerOrganization >= 1)
  ) {
    throw new RangeError(`organizations must be 1 to ${MAX_ORGANIZATIONS} and usersPerOrganization at least 1`);
  }
  const tools = createSeedTools(options);
  const organizations = Array.from({ length: options.organizations }, (): LoadOrganization => {
    const id = tools.newId();
    return {
      id,
      slug: `load-${id.slice(-12)}`,
      key: createVirtualKey('test', options.random),
      userIds: Array.from({ length: options.usersPerOrganization }, () => tools.newId()),
    };
  });
  await inTransaction(client, () => writeLoad(client, tools.newId, organizations));
  return organizations;
}

async function writeLoad(
  client: SeedClient,
  newId: () => string,
  organizations: readonly LoadOrganization[],
): Promise<void> {
  const people = organizations.flatMap((organization) =>
    organization.userIds.map((userId, index) => ({ organization, userId, index })),
  );
  await insertMissing(
    client,
    'users',
    people.map(({ userId, organization, index }) => ({
      id: userId,
      name: `Load ${index}`,
      email: `${index}@${organization.slug}.example`,
      email_verified: true,
    })),
  );
  await insertMissing(
    client,
    'organizations',
    organizations.map(({ id, slug }) => ({
      id,
      slug,
      name: slug,
      business_type: 'other',
      pricing_plan: 'enterprise',
    })),
  );
  await insertMissing(
    client,
    'members',
    people.map(({ organization, userId, index }) => ({
      id: newId(),
      organization_id: organization.id,
      user_id: userId,
      role: index === 0 ? 'owner' : 'member',
    })),
  );
  await insertMissing(
    client,
    'virtual_keys',
    organizations.map(({ id, key, userIds }) => {
      const display = displayVirtualKey(key);
      return {
        id: newId(),
        organization_id: id,
        owner_type: 'user',
        user_id: userIds[0],
        name: 'Load key',
        environment: 'test',
        key_hash: hashVirtualKey(key),
        prefix: display.prefix,
        last_four: display.lastFour,
        can_act_for_members: true,
      };
    }),
  );
}
