// Owns: rows `selection` and `api-models`: how long it takes to say which model serves somebody, and to show a person all models there are for them. Not: calls.

import { createHash } from 'node:crypto';
import type { MemberCaller } from '../../src/contracts/caller.ts';
import { createEntitlements } from '../../src/control/entitlements/index.ts';
import { createDatabase } from '../../src/database/pool.ts';
import { authenticate } from '../../src/gateway/stages/authenticate.ts';
import { readWishes } from '../../src/gateway/stages/read-wishes.ts';
import { resolve } from '../../src/gateway/stages/resolve.ts';
import { createApiToken } from '../../src/primitives/api-token.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { createUuidV7 } from '../../src/primitives/ids.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';
import type { Bench } from '../bench.ts';
import { atConstantRate } from '../load/constant-rate.ts';
import { startWeirServer } from '../processes/weir-server.ts';
import { atMost, formatCount, formatMs, formatUs, type RowReport } from '../report/row-report.ts';
import { type Summary, summarise } from '../report/statistics.ts';
import { startFacts } from '../world/gateway-parts.ts';
import type { World } from '../world/world.ts';

/** Nobody is called. */
const UPSTREAM = 'http://127.0.0.1:9';
const US_PER_MS = 1_000;
const POOL_SIZE = 10;
/** Personas of one page. */
const PERSONAS = 50;
const REQUESTS_PER_SECOND = 20;
const random = createSystemRandom();

/** Which model serves: at the gateway, in memory; and for a page of personas, out of the database. */
export function measureSelection(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    bench.say('selecting models');
    const gateway = await measureAuto(bench, stops);
    const page = await measurePersonas(bench, stops);
    return {
      results: [
        {
          what: 'which model `auto` means',
          weir: `p50 ${formatUs(gateway.p50 * US_PER_MS)}, p95 ${formatUs(gateway.p95 * US_PER_MS)}`,
          beside: `${bench.world.organizations.length} organizations in turn, facts in memory`,
          comparison: 'no query',
        },
        {
          what: `which models serve ${PERSONAS} personas`,
          weir: `p50 ${formatMs(page.p50)}, p95 ${formatMs(page.p95)}`,
          beside: `out of the database, ${REQUESTS_PER_SECOND} a second`,
          comparison: `${formatCount(page.count)} pages`,
        },
      ],
      targets: [
        atMost('selection p95', 50, { value: gateway.p95, text: formatUs(gateway.p95 * US_PER_MS), unit: 'ms' }),
        atMost('selection of a page p95', 50, { value: page.p95, text: formatMs(page.p95), unit: 'ms' }),
      ],
    };
  });
}

/** `GET /api/models` of the real server, by a person's token. */
export function measureApiModels(bench: Bench): Promise<RowReport> {
  return bench.within(async (stops) => {
    bench.say('listing models over HTTP');
    const { world, plan } = bench;
    const { url: database, ownerUrl } = world.postgres;
    const { directory } = world;
    const { url } = await startWeirServer({
      directory,
      stops,
      database: { url: database, ownerUrl },
      upstream: UPSTREAM,
    });
    const headers = { authorization: `Bearer ${await issueToken(world)}` };
    let models = 0;
    const ask = async (): Promise<void> => {
      const answer = await fetch(`${url}/api/models`, { headers });
      const body = (await answer.json()) as { data?: { free: unknown[]; premium: unknown[] } };
      if (answer.status !== 200 || body.data === undefined) throw new Error(`GET /api/models: ${answer.status}`);
      models = body.data.free.length + body.data.premium.length;
    };
    const times = await timed(ask, plan.warmUpSeconds, plan.roundSeconds * plan.rounds);
    return {
      results: [
        {
          what: 'GET /api/models',
          weir: `p50 ${formatMs(times.p50)}, p95 ${formatMs(times.p95)}, p99 ${formatMs(times.p99)}`,
          beside: `${models} models, ${REQUESTS_PER_SECOND} a second over HTTP`,
          comparison: `${formatCount(times.count)} requests`,
        },
      ],
      targets: [atMost('GET /api/models p95', 200, { value: times.p95, text: formatMs(times.p95), unit: 'ms' })],
    };
  });
}

async function measureAuto({ world, plan }: Bench, stops: AsyncDisposableStack): Promise<Summary> {
  const { snapshot } = await startFacts(world.postgres.url, UPSTREAM, stops);
  const callers = await Promise.all(
    world.organizations.map(({ key }) => authenticate({ headers: { authorization: `Bearer ${key}` } }, snapshot)),
  );
  const parsed = { model: 'auto', needs: ['chat'] };
  const wishes = readWishes({});
  const nowMs = systemClock.nowMs();
  const times = new Float64Array(plan.decisions);
  // Half of the turns go before, so that what is measured is compiled code.
  for (let turn = -plan.decisions / 2; turn < plan.decisions; turn += 1) {
    const caller = callers[Math.abs(turn) % callers.length];
    if (caller === undefined) throw new Error('the benchmark has no organization');
    const startedMs = performance.now();
    resolve({ caller, parsed, wishes, nowMs });
    if (turn >= 0) times[turn] = performance.now() - startedMs;
  }
  return summarise(times);
}

async function measurePersonas({ world, plan }: Bench, stops: AsyncDisposableStack): Promise<Summary> {
  const database = createDatabase({
    ...{ url: world.postgres.url, role: 'weir_service', max: POOL_SIZE },
    ...{ applicationName: 'weir bench', statementTimeoutMs: 0 },
  });
  stops.defer(database.close);
  const { selection } = createEntitlements({
    ...{ database, clock: systemClock, audit: { record: refuse, recordFor: refuse }, events: { record: refuse } },
  });
  const { organizationId, userId } = await findOwner(world);
  const caller: MemberCaller = {
    ...{ userId, organizationId, organizationRole: 'owner', platformRole: 'user', impersonatorId: null },
    ...{ sessionId: null, request: { id: createUuidV7(systemClock.nowMs(), random), ip: null, userAgent: null } },
  };
  const models = ['gpt-4o', 'claude-3-opus', 'claude-3-5-haiku', null];
  const personas = Array.from({ length: PERSONAS }, (_, index) => ({
    id: createUuidV7(systemClock.nowMs(), random),
    defaultModelId: models[index % models.length] ?? null,
  }));
  const select = async (): Promise<void> => void (await selection.select(caller, personas));
  return timed(select, plan.warmUpSeconds, plan.roundSeconds * plan.rounds);
}

/** Times are those since a piece of work was due. */
async function timed(work: () => Promise<void>, warmUpSeconds: number, seconds: number): Promise<Summary> {
  const times: number[] = [];
  await atConstantRate({ perSecond: REQUESTS_PER_SECOND, count: warmUpSeconds * REQUESTS_PER_SECOND }, work);
  await atConstantRate({ perSecond: REQUESTS_PER_SECOND, count: seconds * REQUESTS_PER_SECOND }, async (dueMs) => {
    await work();
    times.push(performance.now() - dueMs);
  });
  return summarise(times);
}

async function findOwner({ owner, organizations }: World): Promise<{ organizationId: string; userId: string }> {
  const organizationId = organizations[0]?.id ?? '';
  const { rows } = await owner.query<{ user_id: string }>(
    'select user_id from weir.members where organization_id = $1 limit 1',
    [organizationId],
  );
  const userId = rows[0]?.user_id;
  if (userId === undefined) throw new Error('the benchmark has nobody');
  return { organizationId, userId };
}

/** A personal token of the hot organization's owner. */
async function issueToken(world: World): Promise<string> {
  const token = createApiToken('personal', random);
  const { organizationId, userId } = await findOwner(world);
  await world.owner.query(
    `insert into weir.api_tokens (id, organization_id, user_id, name, token_hash, prefix, last_four, role, created_by)
     values (gen_random_uuid(), $1, $2, 'Bench', $3, $4, $5, 'member', $2)`,
    [organizationId, userId, createHash('sha256').update(token).digest(), token.slice(0, 12), token.slice(-4)],
  );
  return token;
}

function refuse(): Promise<never> {
  throw new Error('nothing is recorded of reading');
}
