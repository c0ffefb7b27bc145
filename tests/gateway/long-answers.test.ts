// Proves: an answer that outgrows what it was allowed is covered by a larger hold, or ended cleanly with a notice; a hard limit holds.

import { describe, expect, test } from 'vitest';
import { eventsIn, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, createTenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();
/** Answers with 3,000 tokens whatever it is allowed, slowly enough for the hold to be extended in between. */
const DISOBEDIENT = '[[sandbox: tokens=3000 ignore-max-tokens chunk-delay=1]] hi';

const ROUTES = [
  { path: '/v1/chat/completions', model: 'sandbox-chat' },
  { path: '/v1/messages', model: 'sandbox-claude' },
] as const;

describe.each(ROUTES)('$path', ({ path, model }) => {
  test('while there is room the hold grows with the answer, and all of it is charged', async () => {
    const tenant = await createTenant(world().owner);
    const { text } = await exchange(`${world().url}${path}`, {
      key: tenant.key,
      body: { model, max_tokens: 50, stream: true, ...says(DISOBEDIENT) },
    });
    expect(text).not.toContain('"error"');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'provider', output: 3000n });
    expect(event.overruns?.some((over) => over > 0n) ?? false).toBe(false);
  });

  test('without room the stream ends as at a token limit, with a notice of the meter, and is charged for what came', async () => {
    const limit = 1500n;
    const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: limit } });
    const { text, status } = await exchange(`${world().url}${path}`, {
      key: tenant.key,
      body: { model, max_tokens: 300, stream: true, ...says(DISOBEDIENT) },
    });
    expect(status).toBe(200);
    const events = eventsIn(text);
    const ending = events.find((each) => each.weir?.code);
    expect(ending.weir).toMatchObject({ code: 'organization_quota_exceeded', message: expect.any(String) });
    const reason = events.map((each) => each.choices?.[0]?.finish_reason ?? each.delta?.stop_reason).find(Boolean);
    expect(['length', 'max_tokens']).toContain(reason);
    expect(text.trimEnd().endsWith('[DONE]') || text.includes('message_stop')).toBe(true);
    expect(await world().tap.last().ended).toBe('left');
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'success', source: 'counted' });
    expect(event.output).toBeGreaterThan(300n);
    expect(event.output).toBeLessThan(3000n);
    const [quota] = await countersOf(world().owner, tenant.organizationId);
    expect(quota).toMatchObject({ used: event.input + event.output, held: 0n });
  });

  test('the notice names the budget when that is what ended it', async () => {
    const tenant = await createTenant(world().owner);
    await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: 250_000n });
    await world().inForce();
    const { text } = await exchange(`${world().url}${path}`, {
      key: tenant.key,
      body: { model, max_tokens: 100, stream: true, ...says(DISOBEDIENT) },
    });
    expect(eventsIn(text).find((each) => each.weir?.code)?.weir.code).toBe('budget_exceeded');
  });

  test('a whole answer that is longer than it was allowed is charged in full, and its event tells the overrun', async () => {
    const tenant = await createTenant(world().owner);
    await exchange(`${world().url}${path}`, {
      key: tenant.key,
      body: { model, max_tokens: 50, ...says('[[sandbox: tokens=3000 ignore-max-tokens]] hi') },
    });
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event.output).toBe(3000n);
    const [quota] = await countersOf(world().owner, tenant.organizationId);
    expect(quota?.used).toBe(event.input + 3000n);
  });
});
