// Owns: row `dashboards`: how long questions about use take over a quarter of it, and how fast it is added up. Not: the quarter (world/usage-history.ts).

import type { UsageGroup } from '../../src/contracts/analytics/usage-words.ts';
import type { Caller, MemberCaller } from '../../src/contracts/caller.ts';
import { createUsageRollUps } from '../../src/control/analytics/index.ts';
import { createUsageService, type UsageQuestion } from '../../src/control/analytics/usage.service.ts';
import {
  createSystemUsageService,
  type UsageQuestion as SystemUsageQuestion,
} from '../../src/control/platform/system-usage.service.ts';
import { createDatabase, type Database } from '../../src/database/pool.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createUuidV7 } from '../../src/primitives/ids.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';
import type { Bench } from '../bench.ts';
import { atMost, formatCount, formatMs, type RowReport } from '../report/row-report.ts';
import { type Summary, summarise } from '../report/statistics.ts';
import { writeCallsToFold, writeRecentCalls, writeUsageHistory } from '../world/usage-history.ts';
import type { World } from '../world/world.ts';

const POOL_SIZE = 4;
/** Questions of one kind in a round. */
const ASKED = 40;
const WARM_UP = 5;
const random = createSystemRandom();

/** Measures it. */
export function measureDashboards(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    const { world, plan } = bench;
    const { owner } = world;
    const database = createDatabase({
      ...{ url: world.postgres.url, role: 'weir_service', max: POOL_SIZE },
      ...{ applicationName: 'weir bench', statementTimeoutMs: 0 },
    });
    stops.defer(database.close);
    const { organizations, userId } = await findPeople(world);
    const [hot = ''] = organizations;
    bench.say('adding up calls');
    const folding = await measureFolding(database, world, { hot, calls: plan.foldedCalls });
    bench.say(`writing the sums of ${formatCount(plan.usageCalls)} calls`);
    const history = await writeUsageHistory(owner, organizations, plan.usageCalls);
    await writeRecentCalls(owner, hot);
    await owner.query('analyze weir.usage_events');
    bench.say('asking');
    const organization = await askOrganization(database, memberOf(hot, userId));
    const platform = await askPlatform(database, world);
    return {
      results: [
        ...[...organization, ...platform].map(([what, times]) => ({
          what,
          weir: `p50 ${formatMs(times.p50)}, p95 ${formatMs(times.p95)}`,
          beside: `${formatCount(history.calls)} calls, ${formatCount(history.lines)} lines, ${formatCount(history.hotLines)} of the one asked about`,
          comparison: `${times.count} questions`,
        })),
        {
          what: 'adding calls up',
          weir: `${formatCount(folding.perSecond)} calls a second`,
          beside: `${formatCount(folding.calls)} calls into hours and days`,
          comparison: 'one connection',
        },
      ],
      targets: [...organization, ...platform].map(([what, times]) =>
        atMost(`${what} p95`, 100, { value: times.p95, text: formatMs(times.p95), unit: 'ms' }),
      ),
      notes: [
        'Sums are written as adding the calls up would have left them; the calls themselves are not: no question reads calls that are added up.',
        'Besides the sums, each question reads 2,000 calls of the last minute of its organization one by one.',
      ],
    };
  });
}

type Measured = readonly [what: string, times: Summary];

async function askOrganization(database: Database, caller: MemberCaller): Promise<Measured[]> {
  const usage = createUsageService({ database, clock: systemClock });
  const ask = (group: UsageGroup, asked: Partial<UsageQuestion>) => async () =>
    void (await usage.get(caller, { group, sort: 'cost', limit: 20, filter: {}, ...asked }));
  return [
    ['an organization by day, 30 days', await timed(ask('day', { period: '30d' }))],
    ['its top people, 30 days', await timed(ask('user', { period: '30d' }))],
    ['its models, 90 days', await timed(ask('model', { period: '90d' }))],
    ['its models, 24 hours', await timed(ask('model', { period: '24h' }))],
    [
      'its departments on one model, 30 days',
      await timed(ask('department', { period: '30d', filter: { models: ['gpt-4o'] } })),
    ],
    [
      'its top people on one model, 30 days',
      await timed(ask('user', { period: '30d', filter: { models: ['gpt-4o'] } })),
    ],
    ['one person, 30 days', await timed(ask('model', { period: '30d', filter: { users: [PERSON] } }))],
  ];
}

/** One of those in world/usage-history.ts. */
const PERSON = '00000000-0000-4000-8000-000000000007';

async function askPlatform(database: Database, { owner }: World): Promise<Measured[]> {
  const usage = createSystemUsageService({ database, clock: systemClock });
  const userId = createUuidV7(systemClock.nowMs(), random);
  await owner.query(
    `insert into weir.users (id, name, email, email_verified, platform_role) values ($1, 'Bench', $2, true, 'superadmin')`,
    [userId, `${userId}@people.example`],
  );
  const caller: Caller = {
    ...personOf(userId),
    organizationId: null,
    organizationRole: null,
    platformRole: 'superadmin',
  };
  const ask = (asked: Pick<SystemUsageQuestion, 'group' | 'model' | 'provider'>) => async () =>
    void (await usage.get(caller, { limit: 20, ...asked }));
  return [
    ['all organizations, 30 days', await timed(ask({ group: 'organization' }))],
    ['all organizations by day, 30 days', await timed(ask({ group: 'day' }))],
    ['their models of one provider, 30 days', await timed(ask({ group: 'model', provider: 'openai' }))],
  ];
}

async function timed(work: () => Promise<void>): Promise<Summary> {
  const times: number[] = [];
  for (let turn = -WARM_UP; turn < ASKED; turn += 1) {
    const startedMs = performance.now();
    await work();
    if (turn >= 0) times.push(performance.now() - startedMs);
  }
  return summarise(times);
}

async function measureFolding(
  database: Database,
  { owner }: World,
  { hot, calls }: { readonly hot: string; readonly calls: number },
): Promise<{ readonly calls: number; readonly perSecond: number }> {
  const rollUps = createUsageRollUps({ database, clock: systemClock });
  const all = async (): Promise<number> => {
    let folded = 0;
    for (;;) {
      const { eventsFolded, isDone } = await rollUps.rollUp({ settleMs: 0 });
      folded += eventsFolded;
      if (isDone) return folded;
    }
  };
  // What other rows left.
  await all();
  await writeCallsToFold(owner, hot, calls);
  const startedMs = performance.now();
  const folded = await all();
  return { calls: folded, perSecond: (folded * 1_000) / (performance.now() - startedMs) };
}

const personOf = (userId: string) =>
  ({
    ...{ userId, impersonatorId: null, sessionId: null },
    request: { id: createUuidV7(systemClock.nowMs(), random), ip: null, userAgent: null },
  }) as const;

const memberOf = (organizationId: string, userId: string): MemberCaller => ({
  ...{ ...personOf(userId), organizationId, organizationRole: 'admin', platformRole: 'user' },
});

/** The organizations, the hot one first, and somebody who administers it. */
async function findPeople({ owner }: World): Promise<{ organizations: string[]; userId: string }> {
  const { rows } = await owner.query<{ id: string }>('select id from weir.organizations order by created_at, id');
  const organizations = rows.map(({ id }) => id);
  const userId = createUuidV7(systemClock.nowMs(), random);
  await owner.query(`insert into weir.users (id, name, email, email_verified) values ($1, 'Bench', $2, true)`, [
    userId,
    `${userId}@people.example`,
  ]);
  await owner.query(`insert into weir.members (id, organization_id, user_id, role) values ($1, $2, $3, 'admin')`, [
    createUuidV7(systemClock.nowMs(), random),
    organizations[0],
    userId,
  ]);
  return { organizations, userId };
}
