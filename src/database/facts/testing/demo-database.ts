// Owns: a test database with the reference data and the demo world in it, and its people as callers. Not: the clone (testing/database.ts).

import pg from 'pg';
import type { MemberRole, PlanSlug } from '../../../contracts/enumerations.ts';
import { systemClock } from '../../../primitives/clock.ts';
import { createSystemRandom } from '../../../primitives/random.ts';
import { createDatabase, type Database } from '../../pool.ts';
import type { Caller } from '../../principal.ts';
import { type DemoUserName, type DemoWorld, seedDemo, seedReference } from '../../seeds/index.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/database.ts';

export interface DemoDatabase {
  test: TestDatabase;
  /** Past every policy: for setting up and looking on. */
  owner: pg.Client;
  /** The run-time pool that callers' transactions come from. */
  runtime: Database;
  world: DemoWorld;
  userIds: Record<DemoUserName, string>;
  /** A demo user, acting in the organization they belong to. */
  as(name: DemoUserName): Caller;
  close(): Promise<void>;
}

const memberships: Partial<Record<DemoUserName, { plan: PlanSlug; role: MemberRole }>> = {
  proAdmin: { plan: 'pro', role: 'owner' },
  proMember: { plan: 'pro', role: 'member' },
  freeAdmin: { plan: 'free', role: 'owner' },
  freeMember: { plan: 'free', role: 'member' },
  starterAdmin: { plan: 'starter', role: 'owner' },
  enterpriseAdmin: { plan: 'enterprise', role: 'owner' },
};

/** Clones and seeds; `close` drops it. Passwords are not really hashed. */
export async function createDemoDatabase(): Promise<DemoDatabase> {
  const test = await createTestDatabase();
  const owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
  const random = createSystemRandom();
  await seedReference(owner, { clock: systemClock, random, sandbox: true });
  const world = await seedDemo(owner, { clock: systemClock, random, hashPassword: async () => 'salt:key' });
  if (!world) throw new Error('the fresh clone holds a demo world already');
  const { rows } = await owner.query<{ id: string; email: string }>('select id, email from weir.users');
  const idOf = new Map(rows.map((row) => [row.email, row.id]));
  const names = Object.keys(world.users) as DemoUserName[];
  const userIds = Object.fromEntries(names.map((name) => [name, idOf.get(world.users[name].email) ?? ''])) as Record<
    DemoUserName,
    string
  >;
  const runtime = createDatabase({
    url: test.url,
    role: 'weir_service',
    max: 2,
    applicationName: 'weir tests',
    statementTimeoutMs: 0,
  });
  return {
    test,
    owner,
    runtime,
    world,
    userIds,
    as(name) {
      const membership = memberships[name];
      return {
        userId: userIds[name],
        organizationId: membership ? world.organizations[membership.plan].id : null,
        organizationRole: membership?.role ?? null,
        platformRole: name === 'superadmin' ? 'superadmin' : name === 'platformAdmin' ? 'platform_admin' : 'user',
        impersonatorId: null,
      };
    },
    async close() {
      await runtime.close();
      await owner.end();
      await test.drop();
    },
  };
}
