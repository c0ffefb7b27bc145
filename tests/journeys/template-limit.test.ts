// Proves: the way of a system template: a superadmin makes it, an admin of an organization that it is for sees it and switches it on, a member uses it until the
// limit, reads what is left, and goes on when the window rolls. The gateway is a real one; the control plane's acts are its routes' own, at the same moved time.

import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Caller } from '../../src/contracts/caller.ts';
import type { Route } from '../../src/contracts/route.ts';
import { createAudit } from '../../src/control/audit/index.ts';
import { createTemplates } from '../../src/control/catalog/index.ts';
import { createEvents } from '../../src/control/events/index.ts';
import { createDatabase, type Database } from '../../src/database/pool.ts';
import { withDatabaseName } from '../../src/database/testing/database-url.ts';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import {
  addPerson,
  createTenant,
  insertRow,
  newId,
  type Person,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { type Clock, systemClock } from '../../src/primitives/clock.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';

const DAY_MS = 86_400_000;
let offsetMs = 0;
const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + offsetMs };
const world = worldOfFile({ ledgerOffsetMs: () => offsetMs });
let database: Database;
let routes: Route[];
let root: Caller;

beforeAll(async () => {
  const random = createSystemRandom();
  database = createDatabase({
    ...{
      url: withDatabaseName(inject('testCluster').loginUrl, world().owner.database ?? ''),
      role: 'weir_service',
      max: 4,
    },
    ...{ applicationName: 'weir test', statementTimeoutMs: 0 },
  });
  const parts = {
    database,
    clock,
    random,
    audit: createAudit({ clock, random }),
    events: createEvents({ clock, random }),
  };
  routes = createTemplates({ ...parts, secrets: world().secrets, checkUrl: async () => ({ ok: true }) });
  const userId = newId();
  const email = `${userId}@weir.example`;
  await insertRow(world().owner, 'users', { id: userId, name: 'Root', email, platform_role: 'superadmin' });
  root = { ...callerOf({ userId }, null, 'member'), organizationRole: null, platformRole: 'superadmin' };
});
afterAll(() => database.close());

function callerOf({ userId }: Pick<Person, 'userId'>, organizationId: string | null, role: 'owner' | 'member'): Caller {
  const request = { id: newId(), ip: null, userAgent: null };
  return {
    ...{
      userId,
      organizationId,
      organizationRole: role,
      platformRole: 'user',
      impersonatorId: null,
      sessionId: null,
      request,
    },
  };
}

/** One of our own routes, asked as the server asks it. Gives its answer's data. */
async function ask(
  operationId: string,
  caller: Caller,
  { id, query, body }: { id?: number; query?: object; body?: object } = {},
) {
  const route = routes.find(({ endpoint }) => endpoint.operationId === operationId);
  if (route === undefined) throw new Error(`there is no ${operationId}`);
  const { endpoint } = route;
  const answer = await route.handle({
    ...{ caller, idempotencyKey: null, ifMatch: null, request: caller.request, lastEventId: null },
    params: endpoint.params.parse(id === undefined ? {} : { id: String(id) }),
    query: endpoint.query.parse(query ?? {}),
    body: endpoint.body.parse(body),
    signal: new AbortController().signal,
  });
  const { output } = answer as { readonly output?: unknown };
  return (endpoint.output.parse(output ?? answer) as { readonly data: never }).data as Record<string, unknown> & {
    readonly id: number;
    readonly slug: string;
    readonly usage: Record<string, unknown>;
  };
}

const call = (person: Person, slug: string) => {
  const body = { model: `template:${slug}`, max_tokens: 60, ...says('[[sandbox: tokens=60]] x') };
  return exchange(`${world().url}/v1/chat/completions`, { key: person.key, body });
};

test('it reaches whom it is for, is used up to its limit, and is whole again when the window rolls', async () => {
  const { owner } = world();
  const [matching, other]: Tenant[] = [
    await createTenant(owner, { organization: { business_type: 'retail' } }),
    await createTenant(owner, { organization: { business_type: 'finance' } }),
  ];
  if (matching === undefined || other === undefined) throw new Error('two tenants were made');
  const person = await addPerson(owner, matching.organizationId);
  const [admin, member] = [
    callerOf(matching, matching.organizationId, 'owner'),
    callerOf(person, matching.organizationId, 'member'),
  ];

  const { id, slug } = await ask('createSystemModel', root, {
    body: {
      ...{ name: 'Shelf writer', model_id: 'sandbox-chat', business_types: ['retail'], required_plan: 'pro' },
      ...{ token_limit_period: 'daily', token_limit_amount: 400 },
    },
  });

  expect(await ask('getSystemModel', admin, { id })).toMatchObject({ is_enabled_for_users: false, people_affected: 1 });
  const stranger = callerOf(other, other.organizationId, 'owner');
  await expect(ask('getSystemModel', stranger, { id })).rejects.toMatchObject({ code: 'not_found' });
  await expect(ask('getTemplate', member, { id })).rejects.toMatchObject({ code: 'not_found' });
  await world().inForce();
  expect((await call(person, slug)).status).toBe(403);
  expect((await call(other, slug)).status).toBe(404);

  expect(await ask('enableSystemModel', admin, { id })).toMatchObject({ changed: true, people_affected: 1 });
  await world().inForce();
  let answers = 0;
  let refused = await call(person, slug);
  while (refused.status === 200) {
    answers += 1;
    refused = await call(person, slug);
  }
  expect(answers).toBeGreaterThan(2);
  expect([refused.status, refused.json.error.code]).toEqual([429, 'user_limit_exceeded']);
  expect(refused.json.error.message).toMatch(/shelf-writer/);
  expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(DAY_MS / 1_000);

  await world().settled();
  const left = await ask('getTemplate', member, { id });
  expect(left.usage).toMatchObject({ limit: 400, period: 'daily', held: 0 });
  expect(Number(left.usage.used)).toBeGreaterThan(300);
  expect(['warning', 'high', 'exceeded']).toContain(left.usage.warning_level);
  const impact = await ask('setSystemModelLimit', admin, {
    id,
    query: { dry_run: 'true' },
    body: { token_limit_per_user: 100 },
  });
  expect(impact).toMatchObject({ dry_run: true, impact: { people_above: 1, people: [{ id: person.userId }] } });

  offsetMs += Date.parse(String(left.usage.resets_at)) - clock.nowMs() + 60_000;
  expect((await ask('getTemplate', member, { id })).usage).toMatchObject({ used: 0, warning_level: 'none' });
  expect((await call(person, slug)).status).toBe(200);
  await world().settled();
  expect(Number((await ask('getTemplate', member, { id })).usage.used)).toBeGreaterThan(0);
});
