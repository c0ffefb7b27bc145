// Proves: settings are checked all at once, with every fault in one message and no secret in it.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ConfigError, type Environment, readConfig } from './config.ts';

const KEY = 'c3RyaWN0bHktZm9yLXRlc3RzLW9mLXRoZS1jb25maWc=';
const PRODUCTION = { WEIR_MODE: 'production' };

function faultsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

test('nothing has to be set: loopback, port 8787, the embedded database, the sandbox and the demo world', () => {
  expect(readConfig({})).toMatchObject({
    mode: 'development',
    host: '127.0.0.1',
    port: 8787,
    directory: '.weir',
    database: null,
    sandbox: true,
    demo: true,
    masterKey: null,
    drainDelayMs: 0,
    gracePeriodMs: 30_000,
    providers: {},
  });
});

test('production has neither sandbox nor demo world, waits for load balancers, and does not migrate unless told how', () => {
  expect(
    readConfig({ NODE_ENV: 'production', DATABASE_URL: 'postgresql://db/weir', WEIR_MASTER_KEY: KEY }),
  ).toMatchObject({
    mode: 'production',
    sandbox: false,
    demo: false,
    logFormat: 'json',
    drainDelayMs: 5_000,
    database: { url: 'postgresql://db/weir', migrationUrl: null },
  });
  expect(readConfig({ ...PRODUCTION, WEIR_SANDBOX: 'on' }).sandbox).toBe(true);
});

test('an empty value counts as not set', () => {
  expect(readConfig({ PORT: ' ', DATABASE_URL: '', WEIR_SANDBOX: '' })).toEqual(readConfig({}));
});

test('providers get the keys and addresses of their own names', () => {
  const config = readConfig({ OPENAI_API_KEY: 'sk-one', TOGETHER_BASE_URL: 'http://127.0.0.1:1/v1' });
  expect(config.providers).toEqual({ openai: { secret: 'sk-one' }, together: { baseUrl: 'http://127.0.0.1:1/v1' } });
});

describe('a fault is named by its setting', () => {
  test.each<[string, Environment, RegExp]>([
    ['a port that is none', { PORT: '70000' }, /^PORT must be a whole number from 0 to 65535$/],
    ['a port in words', { PORT: 'http' }, /^PORT must be a whole number/],
    ['a mode that is none', { WEIR_MODE: 'prod' }, /^WEIR_MODE must be one of development, production$/],
    ['a flag that is neither', { WEIR_SANDBOX: 'maybe' }, /^WEIR_SANDBOX must be on or off$/],
    ['another database', { DATABASE_URL: 'mysql://x/y' }, /^DATABASE_URL must begin with postgresql/],
    ['a migration login alone', { DATABASE_MIGRATION_URL: 'postgresql://x/y' }, /only with DATABASE_URL/],
    ['an address with a password', { OPENAI_BASE_URL: 'https://a:b@c/v1' }, /^OPENAI_BASE_URL must be an http/],
    ['a master key that is too short', { WEIR_MASTER_KEY: 'short' }, /^WEIR_MASTER_KEY must be 32 bytes/],
    ['a key with a line break', { OPENAI_API_KEY: 'sk-a\nb' }, /^OPENAI_API_KEY has characters/],
    ['a guessable token', { WEIR_METRICS_TOKEN: 'abc' }, /^WEIR_METRICS_TOKEN must have at least 16/],
    ['proxies that are none', { WEIR_TRUST_PROXY: 'everybody!' }, /^WEIR_TRUST_PROXY must be a list/],
    ['a proxy that is no address', { WEIR_TRUST_PROXY: 'loopback, 999.1.1.1' }, /^WEIR_TRUST_PROXY must be a list/],
    ['a network that is too narrow', { WEIR_TRUST_PROXY: '10.0.0.0/33' }, /^WEIR_TRUST_PROXY must be a list/],
    ['half a sign-in', { GOOGLE_CLIENT_ID: 'x' }, /come together; GOOGLE_CLIENT_SECRET is missing$/],
    [
      'a third of one',
      { WEIR_OIDC_NAME: 'x', WEIR_OIDC_CLIENT_ID: 'x' },
      /WEIR_OIDC_ISSUER and WEIR_OIDC_CLIENT_SECRET are missing$/,
    ],
    [
      'no master key in production',
      { ...PRODUCTION, DATABASE_URL: 'postgresql://db/w' },
      /^WEIR_MASTER_KEY is required/,
    ],
    ['a demo world in production', { ...PRODUCTION, WEIR_DEMO: 'on' }, /^WEIR_DEMO cannot be on in production/],
    ['a sample key in production', { ...PRODUCTION, OPENAI_API_KEY: 'sk-xxxxxxxx' }, /^OPENAI_API_KEY is a sample/],
    ['a sample key in words', { ...PRODUCTION, ANTHROPIC_API_KEY: 'your-api-key' }, /^ANTHROPIC_API_KEY is a sample/],
    ['a master key of zeros', { ...PRODUCTION, WEIR_MASTER_KEY: '0'.repeat(64) }, /^WEIR_MASTER_KEY is a sample/],
    [
      "everybody's password",
      { ...PRODUCTION, DATABASE_URL: 'postgresql://weir:postgres@db.example/w', WEIR_MASTER_KEY: KEY },
      /^DATABASE_URL is a sample/,
    ],
  ])('%s', (_, environment, fault) => {
    const faults = faultsOf(environment);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });
});

test('all faults come in one message, and no value of a setting is in it', () => {
  const environment = {
    PORT: 'eight-thousand',
    DATABASE_URL: 'mysql://root:hunter2@db/x',
    WEIR_MASTER_KEY: 'too-short-to-be-one',
    WEIR_METRICS_TOKEN: 'guess-me',
    WEIR_LOG_LEVEL: 'chatty',
    ...PRODUCTION,
  };
  let thrown: unknown;
  try {
    readConfig(environment);
  } catch (error) {
    thrown = error;
  }
  expect((thrown as ConfigError).faults).toHaveLength(5);
  const shown = inspect(thrown, { depth: 10 });
  for (const value of ['eight-thousand', 'hunter2', 'too-short', 'guess-me', 'chatty'])
    expect(shown).not.toContain(value);
});

test('proxies may be named as addresses, networks and this machine', () => {
  const trusted = readConfig({ WEIR_TRUST_PROXY: 'loopback, 10.0.0.0/8, ::1' }).http.trustProxy;
  expect(trusted).toEqual(['loopback', '10.0.0.0/8', '::1']);
});

test('real secrets are no samples', () => {
  const environment = {
    ...PRODUCTION,
    DATABASE_URL: 'postgresql://weir:Ue8rX2pQ@db.example/weir',
    WEIR_MASTER_KEY: KEY,
    OPENAI_API_KEY: 'sk-proj-8Jx0Zq1mVbT5',
    ANTHROPIC_API_KEY: 'sk-ant-api03-Zq1mVbT58Jx0',
    WEIR_METRICS_TOKEN: 'b1946ac92492d234',
  };
  expect(faultsOf(environment)).toEqual([]);
});

test('a name that looks like a setting and is none is told', () => {
  expect(readConfig({ WEIR_METRIC_TOKEN: 'x', WEIR_KEY: 'y', PATH: 'z' }).unknown).toEqual(['WEIR_METRIC_TOKEN']);
});

test('backups are off until a folder is set; their time is checked at once, and production needs the login that reads every row', () => {
  expect(readConfig({}).backup).toBe(null);
  expect(readConfig({ WEIR_BACKUP_DIRECTORY: '/backups' }).backup).toEqual({
    ...{ directory: '/backups', rhythm: { every: 'day', minute: 150 }, retentionDays: 14 },
  });
  expect(faultsOf({ WEIR_BACKUP_SCHEDULE: '*/5 * * * *', WEIR_BACKUP_RETENTION_DAYS: '0' })).toEqual([
    expect.stringMatching(/^WEIR_BACKUP_SCHEDULE must be cron/),
    'WEIR_BACKUP_RETENTION_DAYS must be a whole number from 1 to 3650',
  ]);
  const external = { ...PRODUCTION, DATABASE_URL: 'postgresql://db/weir', WEIR_MASTER_KEY: KEY };
  expect(faultsOf({ ...external, WEIR_BACKUP_DIRECTORY: '/backups' })).toEqual([
    expect.stringMatching(/^WEIR_BACKUP_DIRECTORY needs DATABASE_MIGRATION_URL/),
  ]);
});
