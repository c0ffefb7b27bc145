// Proves: a revocation, a disabled model and a lowered limit are in force for the very next call, and on every replica within a second.

import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, addModel, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

function ask(
  tenant: Pick<Tenant, 'key'>,
  { url = world().url, model = 'sandbox-chat', ...body }: Record<string, unknown> = {},
) {
  return exchange(`${String(url)}/v1/chat/completions`, {
    key: tenant.key,
    body: { model, max_tokens: 20, ...says('hi'), ...body },
  });
}

const CHANGES: readonly {
  readonly name: string;
  readonly change: (tenant: Tenant) => Promise<unknown>;
  readonly status: number;
  readonly code: string;
}[] = [
  {
    name: 'a revoked key',
    change: ({ keyId }) =>
      world().owner.query('update weir.virtual_keys set revoked_at = now() where id = $1', [keyId]),
    status: 401,
    code: 'revoked_key',
  },
  {
    name: 'a narrowed key',
    change: ({ keyId }) =>
      world().owner.query(`update weir.virtual_keys set allowed_models = '{}' where id = $1`, [keyId]),
    status: 403,
    code: 'forbidden',
  },
  {
    name: 'a suspended organization',
    change: ({ organizationId }) =>
      world().owner.query(`update weir.organizations set status = 'suspended' where id = $1`, [organizationId]),
    status: 403,
    code: 'organization_suspended',
  },
  {
    name: 'a paused member',
    change: ({ userId }) =>
      world().owner.query(`update weir.members set status = 'paused' where user_id = $1`, [userId]),
    status: 403,
    code: 'member_paused',
  },
  {
    name: 'a lowered quota',
    change: ({ organizationId }) =>
      world().owner.query('update weir.organizations set token_quota_monthly = 1 where id = $1', [organizationId]),
    status: 429,
    code: 'organization_quota_exceeded',
  },
  {
    name: 'a new hard budget',
    change: ({ organizationId }) => addBudget(world().owner, { organization_id: organizationId, amount_nano_usd: 1n }),
    status: 402,
    code: 'budget_exceeded',
  },
  {
    name: 'a disabled model',
    change: () => world().owner.query(`update weir.models set enabled = false where id = 'to-disable'`),
    status: 400,
    code: 'model_not_enabled',
  },
];

test.each(CHANGES)(
  '$name refuses the very next call, without waiting for anything',
  async ({ change, status, code }) => {
    const tenant = await createTenant(world().owner);
    if (code === 'model_not_enabled') {
      await addModel(world().owner, 'to-disable');
      await world().inForce();
    }
    const model = code === 'model_not_enabled' ? 'to-disable' : 'sandbox-chat';
    expect((await ask(tenant, { model })).status).toBe(200);
    await change(tenant);
    const next = await ask(tenant, { model });
    expect([next.status, next.json.weir?.code]).toEqual([status, code]);
  },
);

test('calls under way when their key is revoked end well and are settled; no later one is admitted', async () => {
  const tenant = await createTenant(world().owner);
  const running = Array.from({ length: 10 }, () =>
    ask(tenant, { messages: [{ role: 'user', content: '[[sandbox: chunk-delay=5 tokens=20]] x' }], stream: true }),
  );
  await world().tap.seen(10);
  await world().owner.query('update weir.virtual_keys set revoked_at = now() where id = $1', [tenant.keyId]);
  const later = await ask(tenant);
  expect(later.status).toBe(401);
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const events = await eventsOf(world(), tenant.organizationId);
  expect(events.filter(({ status }) => status === 'success')).toHaveLength(10);
});

test('a limit that is lowered while calls run is kept from then on', async () => {
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 1_000_000n } });
  await Promise.all(Array.from({ length: 5 }, () => ask(tenant)));
  await world().settled();
  const used = (await eventsOf(world(), tenant.organizationId)).reduce(
    (sum, { input, output }) => sum + input + output,
    0n,
  );
  await world().owner.query('update weir.organizations set token_quota_monthly = $2 where id = $1', [
    tenant.organizationId,
    String(used + 100n),
  ]);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask(tenant)));
  expect(answers.some(({ status }) => status === 429)).toBe(true);
  await world().settled();
  const total = (await eventsOf(world(), tenant.organizationId)).reduce(
    (sum, { input, output }) => sum + input + output,
    0n,
  );
  expect(total).toBeLessThanOrEqual(used + 100n);
});

test('a raised limit takes effect with the next call', async () => {
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 1n } });
  expect((await ask(tenant)).status).toBe(429);
  await world().owner.query('update weir.organizations set token_quota_monthly = 100000 where id = $1', [
    tenant.organizationId,
  ]);
  expect((await ask(tenant)).status).toBe(200);
});

test('a revocation made through one replica is in force on another within a second, also for what needs no ledger', async () => {
  const second = await world().startReplica();
  const tenant = await createTenant(world().owner);
  const list = () => exchange(`${second.url}/v1/models`, { key: tenant.key });
  expect((await ask(tenant, { url: second.url })).status).toBe(200);
  expect((await list()).status).toBe(200);
  await world().owner.query('update weir.virtual_keys set revoked_at = now() where id = $1', [tenant.keyId]);
  expect((await ask(tenant, { url: second.url })).status).toBe(401);
  await expect.poll(async () => (await list()).status, { interval: 20 }).toBe(401);
});

test('a limit is one limit on two replicas: together they never pass it', async () => {
  const second = await world().startReplica();
  const limit = 700n;
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: limit } });
  const calls = Array.from({ length: 40 }, (_, index) => ask(tenant, { url: index % 2 ? second.url : world().url }));
  const answers = await Promise.all(calls);
  await second.settled();
  const events = await eventsOf(world(), tenant.organizationId);
  const served = events.filter(({ status }) => status === 'success');
  expect(served).toHaveLength(answers.filter(({ status }) => status === 200).length);
  expect(served.length).toBeGreaterThan(0);
  expect(served.reduce((sum, { input, output }) => sum + input + output, 0n)).toBeLessThanOrEqual(limit);
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
});

test('a long stream ends cleanly when its key is revoked, and what came is charged', async () => {
  const tenant = await createTenant(world().owner);
  const response = await fetch(`${world().url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json' },
    // Without the revocation it would go on for minutes.
    body: JSON.stringify({
      model: 'sandbox-chat',
      stream: true,
      messages: [{ role: 'user', content: '[[sandbox: chunk-delay=100 tokens=4000]] x' }],
    }),
  });
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    if (text === '')
      await world().owner.query('update weir.virtual_keys set revoked_at = now() where id = $1', [tenant.keyId]);
    text += decoder.decode(chunk, { stream: true });
  }
  expect(text).toContain('"code":"revoked_key"');
  expect(text).toMatch(/data: \[DONE\]\s*$/);
  await world().settled();
  const [event] = await eventsOf(world(), tenant.organizationId);
  expect(event?.status).toBe('success');
  expect(event?.output).toBeLessThan(4000n);
});

/** A stream that says one word and then nothing, until somebody leaves. */
function endlessStream(response: ServerResponse): void {
  const choices = [{ index: 0, delta: { content: 'word' } }];
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices })}\n\n`,
  );
}

test('a key revoked by a clock that runs ahead of the gateway’s ends its streams all the same', async () => {
  const tenant = await createTenant(world().owner);
  world().tap.answerWith(endlessStream);
  const streaming = ask(tenant, { stream: true });
  await world().tap.seen(1);
  await expect.poll(() => world().gateway.inFlight()).toBe(1);
  await world().owner.query(
    `update weir.virtual_keys set revoked_at = now() + interval '300 milliseconds' where id = $1`,
    [tenant.keyId],
  );
  const { text } = await streaming;
  expect(text).toContain('"code":"revoked_key"');
});

test('a key revoked while its provider had not begun to answer ends the stream once it begins', async () => {
  const tenant = await createTenant(world().owner);
  let begin: (() => void) | undefined;
  world().tap.answerWith((response) => {
    begin = () => endlessStream(response);
  });
  const streaming = ask(tenant, { stream: true });
  await world().tap.seen(1);
  await world().owner.query('update weir.virtual_keys set revoked_at = now() where id = $1', [tenant.keyId]);
  await expect.poll(async () => (await exchange(`${world().url}/v1/models`, { key: tenant.key })).status).toBe(401);
  begin?.();
  const { text } = await streaming;
  expect(text).toContain('"code":"revoked_key"');
  expect(await world().tap.last().ended).toBe('left');
});
