// Proves: no text of a caller and no secret of anybody is in what the gateway reports, keeps or answers besides where it belongs.

import { expect, test } from 'vitest';
import { providerCredentialContext } from '../../src/database/secrets/secret-context.ts';
import { exchange } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { addPerson, createTenant, insertRow, newId } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const PLATFORM_KEY = 'sk-canary-platform-4242424242424242';
const OWN_KEY = 'sk-canary-own-4343434343434343';
const PROMPT = 'canary-prompt-4444444444444444';
const world = worldOfFile({
  upstreamLimits: FORGETFUL,
  overridesAt: (tapUrl) => ({ openai: { secret: PLATFORM_KEY, baseUrl: tapUrl } }),
});

const shown = (value: unknown): string =>
  JSON.stringify(value, (_key, each) =>
    typeof each === 'bigint'
      ? String(each)
      : each instanceof Error
        ? { ...each, stack: each.stack, message: each.message }
        : each,
  );

/** Every text of every row that calls write. */
async function rowsWritten(): Promise<string> {
  const tables = ['usage_events', 'holds', 'counters', 'idempotency_keys', 'credit_ledger'];
  const texts: string[] = [];
  for (const table of tables) {
    const { rows } = await world().owner.query<{ row: string }>(`select to_jsonb(t)::text as row from weir.${table} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

test('prompts, keys and providers’ keys are in no report, fault, row or answer, whatever happens to the call', async () => {
  const tenant = await createTenant(world().owner);
  const person = await addPerson(world().owner, tenant.organizationId, { key: { requests_per_minute: 1n } });
  const directives = [
    '',
    'status=401',
    'status=400',
    'status=500',
    'html',
    'malformed',
    'reset',
    'no-usage',
    'cut=2',
    'stream-error=2',
  ];
  const answers: string[] = [];
  for (const does of directives) {
    for (const stream of [false, true]) {
      for (const [path, model] of [
        ['/v1/chat/completions', 'gpt-4o-mini'],
        ['/v1/messages', 'sandbox-claude'],
      ] as const) {
        // The prompt stands where the sandbox does not repeat it.
        const messages = [
          { role: 'user', content: PROMPT },
          { role: 'assistant', content: 'ok' },
          { role: 'user', content: `[[sandbox: ${does}]] hi` },
        ];
        const body = { model, max_tokens: 20, stream, messages };
        answers.push((await exchange(`${world().url}${path}`, { key: tenant.key, body })).text);
        answers.push((await exchange(`${world().url}${path}`, { key: person.key, body })).text);
      }
    }
  }
  answers.push(
    (
      await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body: `{"model":"${PROMPT}"}` })
    ).text.replace(PROMPT, ''),
  );
  answers.push(
    (await exchange(`${world().url}/v1/embeddings`, { key: `${tenant.key}x`, body: { input: PROMPT } })).text,
  );
  await world().settled();
  const everything = [...answers, shown(world().reports), shown(world().faults), await rowsWritten()].join('\n');
  for (const canary of [PLATFORM_KEY, PROMPT, tenant.key, person.key, tenant.key.slice(8, 40)])
    expect(everything).not.toContain(canary);
  expect(world().tap.requests.some(({ headers }) => headers.authorization === `Bearer ${PLATFORM_KEY}`)).toBe(true);
});

test('an organization’s own provider key goes to the origin that it was entered for, for its own calls alone', async () => {
  const tenant = await createTenant(world().owner);
  const other = await createTenant(world().owner);
  const origin = new URL(world().tap.url).origin;
  const { rows } = await world().owner.query<{ id: string }>(`select id from weir.providers where slug = 'openai'`);
  const providerId = rows[0]?.id ?? '';
  const context = providerCredentialContext({ providerId, organizationId: tenant.organizationId, origin });
  const sealed = world().secrets.seal(OWN_KEY, context);
  await insertRow(world().owner, 'provider_credentials', {
    id: newId(),
    provider_id: providerId,
    organization_id: tenant.organizationId,
    label: 'Own',
    ciphertext: sealed.ciphertext,
    key_id: sealed.keyId,
    origin,
    last_four: '4343',
  });
  await world().inForce();
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: '[[sandbox: status=401]] hi' }] };
  const own = await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body });
  expect(world().tap.last().headers.authorization).toBe(`Bearer ${OWN_KEY}`);
  const others = await exchange(`${world().url}/v1/chat/completions`, { key: other.key, body });
  expect(world().tap.last().headers.authorization).toBe(`Bearer ${PLATFORM_KEY}`);
  for (const text of [own.text, others.text, shown(world().reports), await rowsWritten()]) {
    expect(text).not.toContain(OWN_KEY);
    expect(text).not.toContain(PLATFORM_KEY);
  }
});
