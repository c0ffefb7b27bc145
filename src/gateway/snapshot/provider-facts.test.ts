// Owns: proof of where a provider's calls and secrets go.

import { inspect } from 'node:util';
import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { CredentialRow, ProviderRow } from './fact-rows.ts';
import type { BoundSecret, OrganizationFacts, ProviderFacts } from './facts.ts';
import { createProviderChoice } from './provider-choice.ts';
import { type ProviderEnvironment, toProviderFacts } from './provider-facts.ts';
import { hiddenMap, withHidden } from './secret-facts.ts';

const OPENAI: ProviderRow = {
  id: 'p-openai',
  slug: 'openai',
  type: 'openai',
  base_url: 'https://api.openai.com/v1/',
  status: 'active',
  config: { organization: 'org-1', project: 'proj-1', unrelated: 'x' },
  connect_timeout_ms: 1,
  first_byte_timeout_ms: 2,
  idle_timeout_ms: 3,
  total_timeout_ms: 4,
  credentials: [],
};
const SANDBOX = { url: 'http://127.0.0.1:4000/v1' };
const NONE: ProviderEnvironment = { sandbox: null, providerOverrides: {} };

const stored = (origin: string, id = 'c1'): CredentialRow => ({
  id,
  provider_id: 'p-openai',
  ciphertext: '',
  key_id: '',
  origin,
});
/** Opens to the credential's own id, so that a test sees which one was taken. */
const open = (row: CredentialRow): BoundSecret => ({ origin: row.origin, secret: `stored ${row.id}` });
const provider = (row: Partial<ProviderRow>, environment: Partial<ProviderEnvironment> = {}): ProviderFacts =>
  toProviderFacts({ ...OPENAI, ...row }, { ...NONE, ...environment }, open);

describe("a provider's secret", () => {
  it("is the environment's key before a stored one", () => {
    const credentials = [stored('https://api.openai.com')];
    expect(provider({ credentials }, { providerOverrides: { openai: { secret: 'sk-env' } } }).secret).toBe('sk-env');
    expect(provider({ credentials }).secret).toBe('stored c1');
    expect(provider({}).secret).toBeNull();
  });

  it('of another origin is passed over: changing a base URL demands the secret again', () => {
    const credentials = [stored('https://evil.example', 'c2'), stored('https://api.openai.com', 'c1')];
    expect(provider({ credentials }).secret).toBe('stored c1');
    expect(provider({ credentials, base_url: 'https://moved.example/v1' }).secret).toBeNull();
  });

  it("from the environment goes to the vendor or where the environment says, not where the portal's base URL was moved", () => {
    const secret = 'sk-env';
    expect(
      provider({ base_url: 'https://evil.example/v1' }, { providerOverrides: { openai: { secret } } }).secret,
    ).toBeNull();
    const baseUrl = 'http://127.0.0.1:9/v1';
    const overridden = provider(
      { base_url: 'https://evil.example/v1' },
      { providerOverrides: { openai: { secret, baseUrl } } },
    );
    expect(overridden).toMatchObject({ baseUrl, vendorBaseUrl: baseUrl });
    expect(overridden.secret).toBe(secret);
  });

  it('is not taken from the prototype of the overrides', () => {
    expect(provider({ slug: 'constructor' }).secret).toBeNull();
  });

  it('that is damaged is passed over', () => {
    const row = { ...OPENAI, credentials: [stored('https://api.openai.com')] };
    expect(toProviderFacts(row, NONE, () => null).secret).toBeNull();
  });
});

describe('a provider', () => {
  it('keeps its address, account headers and time limits', () => {
    expect(provider({}, { providerOverrides: { openai: { secret: 's' } } })).toMatchObject({
      baseUrl: 'https://api.openai.com/v1',
      protocol: 'openai',
      servedBySandbox: false,
      headers: { 'openai-organization': 'org-1', 'openai-project': 'proj-1' },
      timeouts: { connectMs: 1, firstByteMs: 2, idleMs: 3, totalMs: 4 },
    });
  });

  it('speaks what its type speaks, unless configured', () => {
    const protocols = (['openai', 'anthropic', 'google', 'together', 'custom'] as const).map(
      (type) => provider({ type }).protocol,
    );
    expect(protocols).toEqual(['openai', 'anthropic', 'openai', 'openai', 'openai']);
    expect(provider({ type: 'custom', config: { protocol: 'anthropic' } }).protocol).toBe('anthropic');
  });

  it('takes no header with a line break from its config', () => {
    expect(provider({ config: { organization: 'a\r\nx: y', project: 5 } }).headers).toEqual({});
  });

  it('without a secret is served by the sandbox in its own protocol, and says so', () => {
    const served = provider(
      { type: 'anthropic', slug: 'anthropic', base_url: 'https://api.anthropic.com/v1' },
      { sandbox: SANDBOX },
    );
    expect(served).toMatchObject({
      baseUrl: SANDBOX.url,
      vendorBaseUrl: 'https://api.anthropic.com/v1',
      protocol: 'anthropic',
      servedBySandbox: true,
      headers: {},
    });
    expect(served.secret).toBe('sandbox');
  });

  it('with a secret goes to the vendor also while the sandbox is on', () => {
    const real = provider({}, { sandbox: SANDBOX, providerOverrides: { openai: { secret: 'sk-env' } } });
    expect(real).toMatchObject({ baseUrl: 'https://api.openai.com/v1', servedBySandbox: false });
  });

  it("of one's own that needs no secret is never replaced by the sandbox", () => {
    expect(provider({ type: 'custom', base_url: 'http://10.0.0.1/v1' }, { sandbox: SANDBOX })).toMatchObject({
      baseUrl: 'http://10.0.0.1/v1',
      servedBySandbox: false,
    });
  });

  it('of type sandbox is inactive when there is no sandbox', () => {
    const row = {
      type: 'sandbox',
      slug: 'sandbox-anthropic',
      base_url: 'sandbox://anthropic/v1',
      config: { protocol: 'anthropic' },
    };
    expect(provider(row)).toMatchObject({ status: 'inactive' });
    expect(provider(row, { sandbox: SANDBOX })).toMatchObject({
      status: 'active',
      protocol: 'anthropic',
      baseUrl: SANDBOX.url,
      servedBySandbox: true,
    });
  });

  it('whose base URL is no URL is inactive and stops no other', () => {
    expect(provider({ base_url: 'https://' })).toMatchObject({ status: 'inactive' });
  });
});

describe("an organization's own secret", () => {
  const organization = (origin: string): OrganizationFacts =>
    withHidden(
      {},
      'providerSecrets',
      hiddenMap([['p-openai', { origin, secret: 'sk-own' }]]),
    ) as unknown as OrganizationFacts;
  const choose = createProviderChoice();

  it('leads to the vendor itself, past the sandbox and without the platform account', () => {
    const chosen = choose(provider({}, { sandbox: SANDBOX }), organization('https://api.openai.com'));
    expect(chosen).toMatchObject({ baseUrl: 'https://api.openai.com/v1', servedBySandbox: false, headers: {} });
    expect(chosen.secret).toBe('sk-own');
  });

  it('goes nowhere but to the origin it was entered for', () => {
    const moved = provider({ base_url: 'https://moved.example/v1' });
    expect(choose(moved, organization('https://api.openai.com'))).toBe(moved);
  });

  it('gives the same provider for the same facts', () => {
    const [facts, own] = [provider({}), organization('https://api.openai.com')];
    expect(choose(facts, own)).toBe(choose(facts, own));
  });
});

describe('facts that hold secrets', () => {
  it('show them in no JSON, log line, copy or inspection', () => {
    const secret = 'sk-canary';
    const facts = provider({}, { providerOverrides: { openai: { secret } } });
    const own = withHidden({ id: 'o1' }, 'providerSecrets', hiddenMap([['p', { origin: 'x', secret }]]));
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => lines.push(line) });
    for (const value of [facts, own, own.providerSecrets, new Map([['p', facts]]), { facts, own }]) {
      log.info({ value }, 'facts');
      lines.push(JSON.stringify(value), inspect(value, { depth: 10 }), JSON.stringify({ ...value }));
    }
    lines.push(JSON.stringify(structuredClone(facts)));
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(facts.secret).toBe(secret);
    expect(own.providerSecrets.get('p')?.secret).toBe(secret);
  });
});
