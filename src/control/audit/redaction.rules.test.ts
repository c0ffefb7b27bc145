// Proves: what is kept of a value in the audit log.

import { expect, test } from 'vitest';
import { redact } from './redaction.rules.ts';

// Put together here, so that no scanner takes this file for a leak.
const KEY = `wr_live_${'aB3'.repeat(15)}`;

test.each([
  'password',
  'new_password',
  'currentPassword',
  'secret',
  'client_secret',
  'clientSecret',
  'token',
  'access_token',
  'refreshToken',
  'token_hash',
  'key_hash',
  'api_key',
  'apiKey',
  'apikey',
  'OPENAI_API_KEY',
  'x-api-key',
  'private_key',
  'ciphertext',
  'Authorization',
  'cookie',
  'backup_codes',
  'totp',
  'verification_token',
  'provider_credentials',
])('a field named %s is redacted, however deep', (name) => {
  expect(redact({ list: [{ [name]: 'hunter2', other: 1 }] })).toEqual({ list: [{ [name]: '[redacted]', other: 1 }] });
});

test.each([
  ['tokens_per_minute', 5],
  ['token_quota_monthly', 5],
  ['token_limit_per_user', 5],
  ['max_output_tokens', 5],
  ['key_id', 'a'],
  ['virtual_key_id', 'a'],
  ['key', 'premium_enabled'],
  ['prefix', 'wr_live_Ab3d'],
  ['last_four', 'x9Qz'],
  ['secret', null],
  ['has_password', true],
  ['shipping', 'a'],
])('a field named %s with %j stays', (name, value) => {
  expect(redact({ [name]: value })).toEqual({ [name]: value });
});

test.each([
  [`made ${KEY} today`, 'made [redacted] today'],
  [['sk', 'ant', 'api03', 'a1b2c3d4'].join('-'), '[redacted]'],
  [`whsec_${'a1B2'.repeat(6)}`, '[redacted]'],
  [`AIza${'Sy'.repeat(17)}`, '[redacted]'],
  ['Bearer abcdef123456', '[redacted]'],
  ['postgres://weir:hunter2@db/weir', 'postgres://weir:[redacted]@db/weir'],
  [`-----BEGIN ${'PRIVATE'} KEY-----\nMIIB\n-----END PRIVATE KEY-----`, '[redacted]'],
  ['eyJhbGciOi.eyJzdWIi.c2ln', '[redacted]'],
  ['task-oriented, ask-me', 'task-oriented, ask-me'],
])('a secret is known by its looks: %s', (text, kept) => {
  expect(redact({ note: text, list: [text] })).toEqual({ note: kept, list: [kept] });
  expect(Object.keys(redact({ [text]: 1 }) as object)).toEqual([kept]);
});

test('what JSON or jsonb can not hold is put into words', () => {
  const value = { at: new Date(0), big: 2n ** 62n, raw: Buffer.from('x'), none: undefined, nan: Number.NaN };
  expect(redact(value)).toEqual({
    at: '1970-01-01T00:00:00.000Z',
    big: '4611686018427387904',
    raw: '[binary]',
    nan: 'NaN',
  });
  expect(redact('a\0b\ud800c')).toBe('ab\ufffdc');
  expect(redact(undefined)).toBeNull();
});

test('what is too long, too deep or too much is cut', () => {
  expect(redact('x'.repeat(10_000))).toBe(`${'x'.repeat(4_000)}…`);
  let deep: unknown = 'bottom';
  for (let level = 0; level < 100; level += 1) deep = { deep };
  expect(JSON.stringify(redact(deep))).toContain('[too deep to keep]');
  expect(redact(Array.from({ length: 1_000 }, () => 1))).toHaveLength(200);
  expect(redact(Array.from({ length: 200 }, () => 'x'.repeat(3_000)))).toBe('[too large to keep]');
});

test('a field named __proto__ is only a name', () => {
  const kept = redact(JSON.parse('{"__proto__": {"polluted": 1}}'));
  expect(Object.keys(kept as object)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
