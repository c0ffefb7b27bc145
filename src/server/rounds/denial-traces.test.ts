// Proves: a storm of denials costs bounded memory and one statement a second; one organization's leaves room for others'; what is left out is counted, and what was kept
// is written at the end.

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import type { DenialTrace } from '../../gateway/denial-trace.ts';
import { denialTrace } from '../../gateway/denial-trace.ts';
import { sampleCaller } from '../../gateway/testing/sample-facts.ts';
import { newId } from '../../gateway/testing/tenants.ts';
import { systemClock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createDenialTraces } from './denial-traces.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent, fatal: silent } as never;
let test: TestDatabase;
let database: Database;
let owner: pg.Client;
beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    ...{ url: test.url, role: 'weir_gateway', max: 2, applicationName: 'weir test', statementTimeoutMs: 0 },
  });
  owner = new pg.Client({ connectionString: test.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await database.close();
  await owner.end();
  await test.drop();
});

const trace = (organizationId: string, model = 'nowhere'): DenialTrace =>
  denialTrace({
    incoming: { id: newId(), route: 'messages' },
    caller: sampleCaller({ organization: { id: organizationId }, key: { id: newId() }, member: { userId: newId() } }),
    parsed: { model },
    error: new WeirError('user_limit_exceeded', {
      rule: 'template_limit',
      details: { meters: [{ used: 1 }], plan: 'pro' },
    }),
    nowMs: systemClock.nowMs(),
  });
const countOf = async (organizationId: string): Promise<number> => {
  const { rows } = await owner.query('select count(*)::int as n from weir.denial_traces where organization_id = $1', [
    organizationId,
  ]);
  return rows[0].n;
};

it('keeps 500 of a storm, all of the others, and writes 500 a round', async () => {
  const traces = createDenialTraces({ database, log });
  const [storm, quiet] = [newId(), newId()];
  for (let denials = 0; denials < 5_000; denials += 1) traces.keep(trace(storm));
  traces.keep(trace(quiet));
  expect(traces.dropped()).toBe(4_500);
  await traces.rounds.runNow();
  expect([await countOf(storm), await countOf(quiet)]).toEqual([500, 0]);
  traces.keep(trace(storm));
  expect(traces.dropped()).toBe(4_500);
  await traces.rounds.stop();
  expect([await countOf(storm), await countOf(quiet)]).toEqual([501, 1]);
});

it('holds at most 2,000 whoever they are of', async () => {
  const traces = createDenialTraces({ database, log });
  for (let denials = 0; denials < 2_100; denials += 1) traces.keep(trace(newId()));
  expect(traces.dropped()).toBe(100);
});

it('writes names that no text of the database can hold, and what was told beside the meters', async () => {
  const traces = createDenialTraces({ database, log });
  const organizationId = newId();
  traces.keep(trace(organizationId, 'a\0b\ud800'));
  await traces.rounds.stop();
  const { rows } = await owner.query(
    'select model, rule, code, meters, details from weir.denial_traces where organization_id = $1',
    [organizationId],
  );
  expect(rows).toEqual([
    {
      ...{ model: 'ab\ufffd', rule: 'template_limit', code: 'user_limit_exceeded' },
      ...{ meters: [{ used: 1 }], details: { plan: 'pro' } },
    },
  ]);
});

it('counts a batch that the database did not take', async () => {
  const traces = createDenialTraces({ database, log });
  traces.keep({ ...trace(newId()), id: 'no id' });
  await traces.rounds.runNow();
  expect(traces.dropped()).toBe(1);
});
