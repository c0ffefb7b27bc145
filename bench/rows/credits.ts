// Owns: row `credits`: how long the database is busy with asking for credits, taking them and summing them up, a hundred times a second. Not: HTTP around it.

import type { MemberCaller } from '../../src/contracts/caller.ts';
import { createCredits } from '../../src/control/credits/index.ts';
import { createEvents } from '../../src/control/events/index.ts';
import { createDatabase } from '../../src/database/pool.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createUuidV7 } from '../../src/primitives/ids.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';
import type { Bench } from '../bench.ts';
import { atConstantRate } from '../load/constant-rate.ts';
import { atMost, formatCount, formatMs, type RowReport } from '../report/row-report.ts';
import { type Summary, summarise } from '../report/statistics.ts';
import type { World } from '../world/world.ts';

const REQUESTS_PER_SECOND = 100;
const POOL_SIZE = 10;
/** Deductions of the organization before, in the running period: of so many features, by so many people. */
const ENTRIES = 20_000;
const FEATURES = 10;
const PEOPLE = 50;
const CREDIT_TYPE = 'goal_generation';
const WISH = { creditType: CREDIT_TYPE, feature: null, amount: 3n };
const random = createSystemRandom();

/** Each is timed from when it was due to its answer: connections, round trips and our own code included, so more than the database's own time. */
export function measureCredits(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    bench.say(`credits: ${formatCount(ENTRIES)} deductions before`);
    const { world } = bench;
    const database = createDatabase({
      ...{ url: world.postgres.url, role: 'weir_service', max: POOL_SIZE },
      ...{ applicationName: 'weir bench', statementTimeoutMs: 0 },
    });
    stops.defer(database.close);
    const caller = await prepare(world);
    const { use, stats } = createCredits({
      ...{ database, clock: systemClock, random, audit: { record: refuse, recordFor: refuse } },
      events: createEvents({ clock: systemClock, random }),
    });
    bench.say('credits: a hundred a second of each');
    const check = await timed(bench, async () => void (await use.check(caller, WISH)));
    const deduct = await timed(bench, async () => void (await use.deduct(caller, WISH, null)));
    const summed = await timed(bench, async () => void (await stats.get(caller)));
    const drift = await countCreditDrift(world);
    const line = (what: string, { p50, p95, p99 }: Summary, comparison: string) => ({
      ...{ what, weir: `p50 ${formatMs(p50)}, p95 ${formatMs(p95)}, p99 ${formatMs(p99)}` },
      ...{ beside: `${REQUESTS_PER_SECOND} a second, one organization`, comparison },
    });
    const target = (what: string, most: number, { p95 }: Summary) =>
      atMost(`${what} p95`, most, { value: p95, text: formatMs(p95), unit: 'ms' });
    return {
      results: [
        line('credits: check', check, ''),
        line('credits: deduct', deduct, `drift ${drift}`),
        line('credits: statistics', summed, `of ${formatCount(ENTRIES + deduct.count)} deductions`),
      ],
      targets: [
        target('credit check', 5, check),
        target('credit deduction', 20, deduct),
        target('credit statistics', 15, summed),
        atMost('drift of credits', 0, { value: drift, text: String(drift), unit: '' }),
      ],
    };
  });
}

/** An open loop: what is late because something before it was slow counts as slow too. */
async function timed({ plan }: Bench, work: () => Promise<void>): Promise<Summary> {
  const times: number[] = [];
  await atConstantRate({ perSecond: REQUESTS_PER_SECOND, count: plan.warmUpSeconds * REQUESTS_PER_SECOND }, work);
  await atConstantRate(
    { perSecond: REQUESTS_PER_SECOND, count: plan.roundSeconds * REQUESTS_PER_SECOND },
    async (dueMs) => {
      await work();
      times.push(performance.now() - dueMs);
    },
  );
  return summarise(times);
}

/** The hot organization on plan pro, with credits for all of it and a history; its owner asks. */
async function prepare({ owner, organizations }: World): Promise<MemberCaller> {
  const organizationId = organizations[0]?.id ?? '';
  await owner.query(`update weir.organizations set pricing_plan = 'pro' where id = $1`, [organizationId]);
  await owner.query(
    `select weir.grant_credits($1, $2, 1000000000, 'admin', 'bench', null, now() - interval '1 hour', null)`,
    [organizationId, CREDIT_TYPE],
  );
  // Without triggers, and the lines of use made at once after it: 20,000 changes of one row in one transaction would take as long as the rest.
  await owner.query('begin; set local session_replication_role = replica');
  await owner.query(
    `insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, feature, user_id, allocations)
     select gen_random_uuid(), $1, $2, 'deduct', -1, 'feature-' || n % $3, md5((n % $4)::text)::uuid,
       jsonb_build_array(jsonb_build_object('grant_id', g.id, 'amount', 1))
       from generate_series(1, $5::integer) as n, weir.credit_grants g where g.organization_id = $1 and g.source_reference = 'bench'`,
    [organizationId, CREDIT_TYPE, FEATURES, PEOPLE, ENTRIES],
  );
  await owner.query('commit; select weir_private.rebuild_credit_use()');
  await owner.query(
    `update weir.credit_grants set remaining = remaining - $2, consumed = $2 where organization_id = $1 and source_reference = 'bench'`,
    [organizationId, ENTRIES],
  );
  await owner.query('vacuum analyze weir.credit_ledger, weir.credit_grants, weir.credit_use');
  const { rows } = await owner.query<{ user_id: string }>(
    `select user_id from weir.members where organization_id = $1 and role = 'owner' limit 1`,
    [organizationId],
  );
  const userId = rows[0]?.user_id;
  if (userId === undefined) throw new Error('the benchmark has nobody');
  return {
    ...{ userId, organizationId, organizationRole: 'owner', platformRole: 'user', impersonatorId: null },
    ...{ sessionId: null, request: { id: createUuidV7(systemClock.nowMs(), random), ip: null, userAgent: null } },
  };
}

async function countCreditDrift({ owner }: World): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    'select count(*)::integer as count from weir_private.credit_drift()',
  );
  return rows[0]?.count ?? 0;
}

function refuse(): Promise<never> {
  throw new Error('no act of an admin is measured');
}
