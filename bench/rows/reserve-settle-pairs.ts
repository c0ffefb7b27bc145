// Owns: a call as the ledger sees it: a hold on four meters, then its settlement with an event. Not: how many are made at once (ledger.ts).

import type pg from 'pg';
import type { LedgerStore } from '../../src/ledger/core/ledger-store.ts';
import type { Meter } from '../../src/ledger/core/meter.ts';
import type { Leg, ReserveRequest } from '../../src/ledger/core/reservation.ts';
import type { UsageEvent } from '../../src/ledger/core/usage-event.ts';
import { createUuidV7 } from '../../src/primitives/ids.ts';
import { createSystemRandom } from '../../src/primitives/random.ts';
import { MODEL } from '../world/populate.ts';

const HOLD_TTL_MS = 60_000;
const LIMIT = 1_000_000_000_000_000_000n;
const OUTPUT = { wanted: 100n, needed: 100n, floor: 32n };
/** What the four meters are charged: tokens, nano-USD, a request, tokens. */
const USED = [33n, 150_000n, 1n, 33n];

/** The parts of a pair that are the same each time. */
type Prepared = Omit<ReserveRequest, 'id'> & { readonly settled: UsageEvent };

/**
 * Makes the pairs of the organizations, which it takes in turn. A pair rejects when its hold is refused: the limits are such that none is.
 */
export async function createPairs(
  owner: pg.Client,
  store: LedgerStore,
  organizationIds: readonly string[],
): Promise<() => Promise<void>> {
  const random = createSystemRandom();
  const prepared = await prepare(owner, organizationIds);
  let turn = 0;
  return async () => {
    turn = (turn + 1) % prepared.length;
    const call = prepared[turn];
    if (call === undefined) throw new Error('there is no organization');
    const { settled, ...request } = call;
    const verdict = await store.reserve({ ...request, id: createUuidV7(store.nowMs(), random) });
    if (verdict.outcome !== 'admitted') throw new Error(`the ledger answered ${verdict.outcome}`);
    await store.settle({ hold: verdict.hold, used: USED, creditsUsed: 0n, event: settled });
  };
}

async function prepare(owner: pg.Client, organizationIds: readonly string[]): Promise<Prepared[]> {
  const { rows } = await owner.query<{ scope: string; version: string }>(
    'select scope, version::text from weir.fact_versions where scope = any($1)',
    [['platform', ...organizationIds]],
  );
  const versions = new Map(rows.map(({ scope, version }) => [scope, BigInt(version)]));
  return organizationIds.map((organizationId) => {
    const event = eventOf(organizationId);
    return {
      organizationId,
      versions: { platform: versions.get('platform') ?? 0n, organization: versions.get(organizationId) ?? 0n },
      ttlMs: HOLD_TTL_MS,
      legs: legsOf(organizationId),
      output: OUTPUT,
      credits: null,
      event: { ...event, source: 'estimated', status: 'timeout' },
      settled: event,
    };
  });
}

/** As the gateway makes them of a key with limits in an organization with a budget; counters apart from those of calls. */
function legsOf(organizationId: string): Leg[] {
  const meter = (name: string, rest: Pick<Meter, 'kind' | 'scopeClass' | 'unit' | 'window'>): Meter => ({
    ...rest,
    key: `bench:${organizationId}:${name}`,
    limit: LIMIT,
    mode: 'hard',
    organizationId,
    label: name,
  });
  const month = { kind: 'month' } as const;
  const minute = { kind: 'minute' } as const;
  return [
    {
      meter: meter('quota', { kind: 'organization_quota', scopeClass: 'organization', unit: 'tokens', window: month }),
      base: 24n,
      rate: 1n,
    },
    {
      meter: meter('budget', { kind: 'budget', scopeClass: 'organization', unit: 'nano_usd', window: month }),
      base: 60_000n,
      rate: 10_000n,
    },
    {
      meter: meter('requests', { kind: 'key_requests', scopeClass: 'key', unit: 'requests', window: minute }),
      base: 1n,
      rate: 0n,
    },
    {
      meter: meter('tokens', { kind: 'key_tokens', scopeClass: 'key', unit: 'tokens', window: minute }),
      base: 24n,
      rate: 1n,
    },
  ];
}

function eventOf(organizationId: string): UsageEvent {
  return {
    dimensions: {
      organizationId,
      departmentId: null,
      userId: null,
      virtualKeyId: null,
      templateId: null,
      templateSlug: null,
      feature: null,
      environment: 'production',
      personaId: null,
      modelId: MODEL,
      provider: 'openai',
      modelType: 'catalog',
      promptVersionId: null,
      experimentArm: null,
      priceId: null,
      route: 'chat_completions',
    },
    tokens: { input: 24n, output: 9n, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n },
    source: 'provider',
    costNanoUsd: 150_000n,
    providerCostNanoUsd: 150_000n,
    status: 'success',
    errorCode: null,
    streamed: false,
    trial: false,
    retries: 0,
    fallbackUsed: false,
    latencyMs: 12,
    timeToFirstTokenMs: null,
    upstreamRequestId: 'req_bench',
    tags: null,
  };
}
