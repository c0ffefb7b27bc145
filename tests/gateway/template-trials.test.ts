// Proves: a template on trial is open for its days from a person's first use, then closed to that person alone.

import { expect, test } from 'vitest';
import { type Answer, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addPerson,
  addTemplate,
  createTenant,
  enableTemplate,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const DAY_MS = 86_400_000;
let offsetMs = 0;
const world = worldOfFile({ ledgerOffsetMs: () => offsetMs });

function ask(tenant: Pick<Tenant, 'key'>, slug: string, path = 'chat/completions') {
  const body = { model: `template:${slug}`, max_tokens: 20, ...says('hi') };
  return exchange(`${world().url}/v1/${path}`, { key: tenant.key, body });
}

async function trialOf(slug: string, days: number | null): Promise<Tenant> {
  const templateId = await addTemplate(world().owner, { slug, is_trial: true, trial_expires_days: days });
  const tenant = await createTenant(world().owner);
  await enableTemplate(world().owner, tenant.organizationId, { templateId });
  await world().inForce();
  return tenant;
}

async function pass(ms: number): Promise<void> {
  await world().settled();
  offsetMs += ms;
}

test('it runs for its days from the first use and ends for that person alone', async () => {
  const tenant = await trialOf('seven-days', 7);
  const other = await addPerson(world().owner, tenant.organizationId);
  await pass(20 * DAY_MS);
  expect((await ask(tenant, 'seven-days')).status).toBe(200);
  await world().settled();
  // The counter was made at the database's own time: the trial is measured from there.
  await world().owner.query(
    `update weir.counters set created_at = to_timestamp($2 / 1000.0) where organization_id = $1`,
    [tenant.organizationId, world().store.nowMs()],
  );
  await pass(7 * DAY_MS - 60_000);
  expect((await ask(tenant, 'seven-days')).status).toBe(200);
  await pass(120_000);
  const ended = await ask(tenant, 'seven-days');
  expect([ended.status, ended.json.weir.code]).toEqual([403, 'trial_exhausted']);
  expect(ended.json.weir.upgrade_url).toBeTruthy();
  expect(world().tap.requests).toHaveLength(2);
  expect((await ask(other, 'seven-days')).status).toBe(200);
});

test('it is explained as ended, too', async () => {
  const tenant = await trialOf('one-day', 1);
  expect((await ask(tenant, 'one-day', 'admission/explain')).json.allowed).toBe(true);
  expect((await ask(tenant, 'one-day')).status).toBe(200);
  await pass(40 * DAY_MS);
  const { json } = await ask(tenant, 'one-day', 'admission/explain');
  expect(json.allowed).toBe(false);
  expect(json.checks.find(({ verdict }: Answer) => verdict === 'deny')).toMatchObject({ code: 'trial_exhausted' });
  expect((await ask(tenant, 'one-day')).status).toBe(403);
});

test('a trial without days never ends, and asks the database nothing', async () => {
  const tenant = await trialOf('endless', null);
  expect((await ask(tenant, 'endless')).status).toBe(200);
  await pass(400 * DAY_MS);
  expect((await ask(tenant, 'endless')).status).toBe(200);
  const events = await eventsOf(world(), tenant.organizationId);
  expect(events.map(({ status }) => status)).toEqual(['success', 'success']);
  expect((await countersOf(world().owner, tenant.organizationId)).every(({ held }) => held === 0n)).toBe(true);
});
