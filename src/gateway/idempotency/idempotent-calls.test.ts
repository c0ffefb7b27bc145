// Proves through the whole gateway: calls with one Idempotency-Key are one upstream call and one event, and all get the same bytes.

import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../database/log.ts';
import { createSecretBox } from '../../database/secrets/secret-box.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { hashVirtualKey } from '../../primitives/virtual-key.ts';
import { createGatewayWorld, type GatewayWorld } from '../testing/gateway-world.ts';
import { createIdempotency } from './create-idempotency.ts';

const random = createSystemRandom();
const secrets = createSecretBox({ masterKey: Buffer.from(random.bytes(32)), random });

let world: GatewayWorld;
beforeAll(async () => {
  world = await createGatewayWorld({
    createIdempotency: (database) => createIdempotency({ database, secrets, clock: systemClock, log: silentLog }),
  });
});
afterAll(async () => {
  expect(world.faults).toEqual([]);
  await world.close();
});

const SAY_HELLO = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Say hello.' }] };

function newKey(): string {
  return createUuidV7(systemClock.nowMs(), random);
}

function headersWith(key: string): Record<string, string> {
  return {
    authorization: `Bearer ${world.demo.keys.pro}`,
    'content-type': 'application/json',
    'idempotency-key': key,
  };
}

async function send(key: string, body: object = SAY_HELLO) {
  const response = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: headersWith(key),
    body: JSON.stringify(body),
  });
  return {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    isReplay: response.headers.get('x-weir-idempotent-replay') === 'true',
    headers: response.headers,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** A client of its own connection, which it closes before any answer; resolves when its call is under way. */
async function leaveBeforeAnswer(key: string, body: object): Promise<void> {
  const call = request(`${world.url}/v1/chat/completions`, { method: 'POST', headers: headersWith(key), agent: false });
  call.on('error', () => undefined);
  call.end(JSON.stringify(body));
  await expect.poll(() => world.gateway.inFlight()).toBe(1);
  const taken = `select 1 from weir.idempotency_keys where key = $1`;
  await expect.poll(async () => (await world.owner.query(taken, [key])).rowCount).toBe(1);
  call.destroy();
}

/** A client of its own connection, which it closes in mid-answer. */
function leaveAfterFirstBytes(key: string, body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = request(`${world.url}/v1/chat/completions`, {
      method: 'POST',
      headers: headersWith(key),
      agent: false,
    });
    call.on('error', reject);
    call.on('response', (response) => {
      response.on('error', () => undefined);
      response.once('data', () => call.destroy());
      response.once('close', resolve);
    });
    call.end(JSON.stringify(body));
  });
}

async function countEvents(): Promise<number> {
  await world.settled();
  const { rows } = await world.owner.query(
    `select count(*)::int as count from weir.usage_events where status <> 'denied'`,
  );
  return rows[0].count;
}

test.each([
  ['whole', SAY_HELLO],
  ['streamed', { ...SAY_HELLO, stream: true, stream_options: { include_usage: true } }],
])(
  'fifty calls at once with one key are answered %s by one upstream call, with one event and the same bytes',
  async (_, body) => {
    const before = await countEvents();
    const key = newKey();
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(key, body)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(answers.filter((answer) => !answer.isReplay)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.requestId)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer.body.toString('hex'))).size).toBe(1);
    expect(answers[0]?.body.length).toBeGreaterThan(50);
    expect(await countEvents()).toBe(before + 1);

    const later = await send(key, body);
    const first = answers.find((answer) => !answer.isReplay);
    expect(later).toMatchObject({ isReplay: true, status: 200, requestId: first?.requestId });
    expect(later.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    for (const name of ['content-type', 'x-weir-model', 'x-weir-cost-usd', 'x-weir-sandbox'])
      expect(later.headers.get(name), name).toBe(first?.headers.get(name));
    expect(await countEvents()).toBe(before + 1);
  },
);

test('another body with the key is a conflict, and nothing of it is called or counted', async () => {
  const key = newKey();
  await send(key);
  const before = await countEvents();
  const other = await send(key, { ...SAY_HELLO, temperature: 0.5 });
  expect(other.status).toBe(409);
  expect(JSON.parse(other.body.toString())).toMatchObject({ error: { code: 'idempotency_mismatch' } });
  expect(await countEvents()).toBe(before);
});

test('calls with keys of their own are calls of their own', async () => {
  const before = await countEvents();
  await Promise.all([send(newKey()), send(newKey()), send(newKey())]);
  expect(await countEvents()).toBe(before + 3);
});

test('a refused call leaves its key free for the corrected one', async () => {
  const key = newKey();
  expect((await send(key, { ...SAY_HELLO, model: 'no-such-model' })).status).toBe(404);
  expect(await send(key)).toMatchObject({ status: 200, isReplay: false });
});

test('a stream whose client left in the middle is not asked for a second time', async () => {
  const key = newKey();
  const before = await countEvents();
  const body = {
    ...SAY_HELLO,
    stream: true,
    messages: [{ role: 'user', content: '[[sandbox: stall=5]] Tell a story.' }],
  };
  await leaveAfterFirstBytes(key, body);
  const retried = await send(key, body);
  expect(retried.status).toBe(409);
  expect(JSON.parse(retried.body.toString())).toMatchObject({ error: { code: 'conflict' } });
  expect(await countEvents()).toBe(before + 1);
});

test('a call whose client left before any answer was charged nothing, and the next with its key goes on', async () => {
  const key = newKey();
  await world.settled();
  // Nothing is answered until the client has left.
  world.tap.answerWith(() => {});
  await leaveBeforeAnswer(key, SAY_HELLO);
  world.tap.answerWith(null);
  const answers = await Promise.all([send(key, SAY_HELLO), send(key, SAY_HELLO)]);
  expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
  expect(answers.filter((answer) => answer.isReplay)).toHaveLength(1);
  expect(answers[0]?.body.equals(answers[1]?.body ?? Buffer.alloc(0))).toBe(true);
  await world.settled();
  const { rows } = await world.owner.query(
    `select 1 from weir.usage_events where status = 'cancelled' and not streamed and cost_nano_usd <> 0`,
  );
  expect(rows).toEqual([]);
});

test('a kept answer is not given to a key that has been revoked since', async () => {
  const { rows } = await world.owner.query(
    `select id from weir.virtual_keys where organization_id = $1 and key_hash = $2`,
    [world.demo.organizations.starter.id, hashVirtualKey(world.demo.keys.starter)],
  );
  const headers = { ...headersWith(newKey()), authorization: `Bearer ${world.demo.keys.starter}` };
  const call = () =>
    fetch(`${world.url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(SAY_HELLO) });
  const first = await call();
  expect(first.status).toBe(200);
  await first.arrayBuffer();
  const kept = await call();
  expect(kept.headers.get('x-weir-idempotent-replay')).toBe('true');
  await kept.arrayBuffer();
  await world.owner.query('update weir.virtual_keys set revoked_at = now() where id = $1', [rows[0].id]);
  await expect.poll(async () => (await call()).status).toBe(401);
});

test('the same key in another environment is another request', async () => {
  const key = newKey();
  expect((await send(key)).status).toBe(200);
  const response = await fetch(`${world.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { ...headersWith(key), 'x-weir-environment': 'staging' },
    body: JSON.stringify(SAY_HELLO),
  });
  expect(response.status).toBe(409);
});
