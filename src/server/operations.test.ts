// Proves: what operators see is what happened: health, readiness, metrics by call, verdict, model and ledger.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginStream, PATIENCE_MS, sendChat } from './testing/calls.ts';
import { startTestServer, type TestServer } from './testing/running-server.ts';

const TOKEN = 'a-token-of-the-operations-tests';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({
    WEIR_METRICS_TOKEN: TOKEN,
    WEIR_SWEEP_INTERVAL_MS: '100',
    WEIR_HOLD_TTL_MS: '1000',
  });
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
  await expect.poll(() => metric('weir_holds_open'), { timeout: PATIENCE_MS }).toBe(0);
  expect(await metric('weir_default_partition_rows')).toBe(0);
  expect(await metric('weir_ledger_queue_depth')).toBe(0);
  expect(await metric('weir_settlements_pending')).toBe(0);
  expect(await readMetrics()).toContain('nodejs_eventloop_lag_p99_seconds');
});

test('a hold that outlives its time is swept, booked as estimated, and counted', async () => {
  const stream = await beginStream(server.url, server.demo.keys.free, 'Silence. [[sandbox: stall=2]]');
  await expect.poll(() => metric('weir_holds_expired_total'), { timeout: PATIENCE_MS }).toBe(1);
  const { rows } = await server.owner.query(
    "select usage_source, status from weir.usage_events where error_code = 'hold_expired'",
  );
  expect(rows).toEqual([{ usage_source: 'estimated', status: 'timeout' }]);
  await stream.cancel();
});
