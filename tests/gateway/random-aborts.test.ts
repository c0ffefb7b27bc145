// Proves: whenever a client leaves, its call has one terminal event, nothing stays held, and counters equal the events. Seeded; a failing seed replays.

import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { createSeededRandom, type Random } from '../../src/primitives/random.ts';

const world = worldOfFile();
const CALLS = 200;
const AT_ONCE = 20;
const SEED = 0x5eed;

/** What one client does: which call, and after how many bytes of answer it hangs up. */
interface Leaving {
  readonly path: string;
  readonly body: string;
  /** Bytes of the answer after which the socket is destroyed; 0 leaves once the request is written. */
  readonly afterBytes: number;
}

function planOf(seed: number): Leaving[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: CALLS }, () => {
    const isAnthropic = random.below(2) === 1;
    const stream = random.below(3) > 0;
    const does = ['', '', 'chunk-delay=1', 'stall=4', 'cut=5', 'fail-first=1', 'no-usage', 'status=500'][
      random.below(8)
    ];
    const body = {
      model: isAnthropic ? 'sandbox-claude' : 'sandbox-chat',
      max_tokens: 20 + random.below(60),
      stream,
      ...says(`[[sandbox: tokens=${1 + random.below(50)} ${does}]] Call ${random.below(1_000_000)}.`),
    };
    return {
      path: isAnthropic ? '/v1/messages' : '/v1/chat/completions',
      body: JSON.stringify(body),
      afterBytes: patienceOf(random, { stream, stalls: does === 'stall=4' }),
    };
  });
}

/** Nobody waits for more of a stalled answer than will come: the head of a stream, or nothing of a whole answer. */
function patienceOf(random: Random, { stream, stalls }: { stream: boolean; stalls: boolean }): number {
  if (random.below(4) === 0 || (stalls && !stream)) return 0;
  return random.below(stalls ? 400 : 6_000);
}

/** Makes the call and hangs up as planned, or when the answer is over. */
function callAndLeave({ path, body, afterBytes }: Leaving, tenant: Tenant): Promise<void> {
  const { hostname, port } = new URL(world().url);
  const head = `POST ${path} HTTP/1.1\r\nhost: weir\r\nauthorization: Bearer ${tenant.key}\r\ncontent-type: application/json\r\nconnection: close\r\n`;
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let received = 0;
    socket.on('data', (data) => {
      received += data.length;
      if (received >= afterBytes) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve());
    socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, () => {
      if (afterBytes === 0) setImmediate(() => socket.destroy());
    });
  });
}

test(`${CALLS} calls, left at random moments (seed ${SEED}): as many events as calls that came, no hold, equal sums`, async () => {
  const tenant = await createTenant(world().owner, { key: { tokens_per_minute: 10n ** 9n } });
  await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: 10n ** 12n });
  await world().inForce();
  const plan = planOf(SEED);
  const before = world().reports.length;
  for (let start = 0; start < plan.length; start += AT_ONCE) {
    await Promise.all(plan.slice(start, start + AT_ONCE).map((leaving) => callAndLeave(leaving, tenant)));
  }
  // A stalled call whose client has gone is over as well: nothing waits for its provider.
  const events = await eventsOf(world(), tenant.organizationId);
  const reports = world().reports.slice(before);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  expect(events.length).toBe(reports.length);
  expect(new Map(events.map(({ id, status }) => [id, status]))).toEqual(
    new Map(reports.map(({ requestId, outcome }) => [requestId, outcome])),
  );
  // Who hangs up before the server has read the request made no call.
  expect(events.length).toBeGreaterThan(CALLS / 2);
  expect(new Set(events.map(({ status }) => status))).toEqual(new Set(['success', 'cancelled', 'error']));
  const charged = events.filter(({ cost }) => cost !== 0n);
  const tokens = charged.reduce((sum, { input, output }) => sum + input + output, 0n);
  const cost = charged.reduce((sum, event) => sum + (event.cost ?? 0n), 0n);
  const counters = await countersOf(world().owner, tenant.organizationId);
  const usedOf = (kind: string) =>
    counters.filter((counter) => counter.kind === kind).reduce((sum, { used }) => sum + used, 0n);
  expect(counters.every(({ held }) => held === 0n)).toBe(true);
  expect([usedOf('organization_quota'), usedOf('key_tokens'), usedOf('budget')]).toEqual([tokens, tokens, cost]);
});
