// Proves: what operators see is what happened: health, readiness, metrics by call, verdict, model and ledger.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginStream, PATIENCE_MS, sendChat } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const TOKEN = 'a-token-of-the-operations-tests';
const HOLD_TTL_MS = 600_000;
let aheadMs = 0;
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(
    {
      WEIR_METRICS_TOKEN: TOKEN,
      WEIR_SWEEP_INTERVAL_MS: '100',
      WEIR_HOLD_TTL_MS: String(HOLD_TTL_MS),
      WEIR_OUTBOUND_ALLOW: '127.0.0.1',
    },
    { aheadMs: () => aheadMs },
  );
});
afterAll(() => server.close());

const readMetrics = async (): Promise<string> =>
  (await fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text();

/** The value of one series; undefined when it is not there. */
async function metric(series: string): Promise<number | undefined> {
  const line = (await readMetrics()).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

test('it is alive and ready, and every answer has a request id', async () => {
  for (const path of ['/healthz', '/readyz']) {
    const response = await fetch(server.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
});

test('metrics ask for the token', async () => {
  for (const headers of [{}, { authorization: 'Bearer another-token-of-the-tests' }, { authorization: TOKEN }]) {
    const response = await fetch(`${server.url}/metrics`, { headers });
    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('weir_');
  }
  expect(await metric('weir_ready')).toBe(1);
});

test('a call is counted by route, status, model and provider, with its tokens, cost and time', async () => {
  const response = await sendChat(server.url, server.demo.keys.pro);
  const { usage } = (await response.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  const labels = 'model="sandbox-chat",provider="sandbox"';
  await expect
    .poll(() => metric(`weir_requests_total{route="chat_completions",status="200",${labels}}`), {
      timeout: PATIENCE_MS,
    })
    .toBe(1);
  expect(await metric(`weir_tokens_total{${labels},kind="input"}`)).toBe(usage.prompt_tokens);
  expect(await metric(`weir_tokens_total{${labels},kind="output"}`)).toBe(usage.completion_tokens);
  const cost = Number(response.headers.get('x-weir-cost-usd'));
  expect(await metric(`weir_cost_usd_total{${labels}}`)).toBeCloseTo(cost, 12);
  expect(await metric('weir_overhead_seconds_count')).toBe(1);
  expect(await metric('weir_admission_verdicts_total{code="admitted"}')).toBe(1);
  expect(await metric('weir_ledger_commit_seconds_count')).toBeGreaterThanOrEqual(1);
  expect(await metric('weir_provider_breakers_open{provider="sandbox"}')).toBe(0);
});

test('a refused call is counted by the code of its refusal', async () => {
  expect((await sendChat(server.url, 'wr_test_nonsense')).status).toBe(401);
  await expect
    .poll(readMetrics, { timeout: PATIENCE_MS })
    .toContain('weir_admission_verdicts_total{code="invalid_key"} 1');
  const none = 'model="none",provider="none"';
  expect(await metric(`weir_requests_total{route="chat_completions",status="401",${none}}`)).toBe(1);
});

test('gauges that need a query are there, and the process tells its event loop lag', async () => {
  // A call of the test before may still be being settled.
  for (const gauge of ['weir_holds_open', 'weir_ledger_queue_depth', 'weir_settlements_pending'])
    await expect.poll(() => metric(gauge), { timeout: PATIENCE_MS }).toBe(0);
  expect(await metric('weir_default_partition_rows')).toBe(0);
  expect(await readMetrics()).toContain('nodejs_eventloop_lag_p99_seconds');
});

test('a hold that outlives its time is swept, booked as estimated, and counted', async () => {
  const stream = await beginStream(server.url, server.demo.keys.free, 'Silence. [[sandbox: stall=2]]');
  aheadMs += HOLD_TTL_MS;
  await expect.poll(() => metric('weir_holds_expired_total'), { timeout: PATIENCE_MS }).toBe(1);
  const { rows } = await server.owner.query(
    "select usage_source, status from weir.usage_events where error_code = 'hold_expired'",
  );
  expect(rows).toEqual([{ usage_source: 'estimated', status: 'timeout' }]);
  await stream.cancel();
});

test("templates' own endpoints are reached by the server's way out, and stand together under one label", async () => {
  const choices = [{ index: 0, message: { role: 'assistant', content: 'Here.' }, finish_reason: 'stop' }];
  const usage = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };
  const endpoint = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices, usage }));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  endpoint.listen(0, '127.0.0.1', resolve);
  await promise;
  await server.owner.query(
    `insert into weir.templates (scope, organization_id, name, slug, endpoint_base_url, endpoint_model)
      values ('organization', $1, 'House', 'house', $2, 'm')`,
    [server.demo.organizations.pro.id, `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`],
  );
  const send = () =>
    fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.demo.keys.pro}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'template:house', messages: [{ role: 'user', content: 'hi' }] }),
    });
  await expect.poll(async () => (await send()).status, { timeout: PATIENCE_MS }).toBe(200);
  const labels = 'model="own-endpoint",provider="own-endpoint"';
  await expect
    .poll(() => metric(`weir_requests_total{route="chat_completions",status="200",${labels}}`), {
      timeout: PATIENCE_MS,
    })
    .toBe(1);
  expect(await readMetrics()).not.toContain('template:house');
  endpoint.close();
});

/** The readiness of the server: its status, and the names of what is not right. */
async function readFaults(): Promise<{ status: number; faults: string[] }> {
  const response = await fetch(`${server.url}/readyz`);
  const { checks } = (await response.json()) as { checks: { name: string; ok: boolean }[] };
  return { status: response.status, faults: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
}

test('while somebody holds a lock on the counters, readiness and metrics say that the ledger commits nothing', async () => {
  await server.owner.query('begin; lock table weir.counters in exclusive mode');
  expect((await sendChat(server.url, server.demo.keys.pro)).status).toBe(503);
  await expect.poll(readFaults, { timeout: PATIENCE_MS }).toEqual({ status: 200, faults: ['ledger'] });
  expect(await metric('weir_ledger_stalled_seconds')).toBeGreaterThan(0);
  await server.owner.query('rollback');
  await expect.poll(readFaults, { timeout: PATIENCE_MS }).toEqual({ status: 200, faults: [] });
  expect(await metric('weir_ledger_stalled_seconds')).toBe(0);
});

test('on a database that takes no writes it is not ready, and its metrics say so too', async () => {
  const setReadOnly = async (value: string): Promise<void> => {
    await server.owner.query(
      `do $$ begin execute format('alter database %I set default_transaction_read_only = ${value}', current_database()); end $$`,
    );
    // Once that is committed: whoever comes back before would keep the setting of before.
    await server.owner.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  };
  await setReadOnly('on');
  await expect.poll(readFaults, { timeout: PATIENCE_MS }).toEqual({ status: 503, faults: ['database'] });
  expect(await metric('weir_ready')).toBe(0);
  await setReadOnly('off');
  await expect.poll(readFaults, { timeout: PATIENCE_MS }).toEqual({ status: 200, faults: [] });
  expect(await metric('weir_ready')).toBe(1);
});
