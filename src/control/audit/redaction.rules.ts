// Owns: what of a value may be kept in the audit log: no secrets, no binary, bounded size, and only what PostgreSQL's jsonb takes. Not: writing the row.

import type { JsonValue } from '../../database/rows.generated.ts';
import { replaceSecrets } from '../../primitives/secret-looks.ts';

const REDACTED = '[redacted]';

const DEPTH_MAX = 8;
const ENTRIES_MAX = 200;
const STRING_LENGTH_MAX = 4_000;
/** Of one side of a change, as JSON. */
const TOTAL_LENGTH_MAX = 64 * 1024;

/** A name with one of these words is a secret's. */
const SECRET_WORDS = new Set([
  ...['password', 'passwd', 'passphrase', 'secret', 'secrets', 'ciphertext', 'authorization', 'cookie', 'cookies'],
  ...['otp', 'totp', 'pin', 'apikey', 'credential', 'credentials', 'plaintext'],
]);
/** So is one that ends with these: `access_token`, `key_hash`, but not `tokens_per_minute` or `key_id`. */
const SECRET_ENDINGS = [
  ...['token', 'token hash', 'key hash', 'api key', 'private key', 'signing key', 'encryption key', 'master key'],
  ...['backup codes', 'recovery codes', 'backup code', 'recovery code', 'reset url', 'reset link', 'jwt'],
];

/**
 * The value as it may be kept. Secrets by name or by looks become `[redacted]`, bytes `[binary]`, times ISO texts, bigints texts; what is too long, too deep or
 * too much is cut and says so. Undefined gives null.
 */
export function redact(value: unknown): JsonValue {
  const kept = keep(value, 0);
  return JSON.stringify(kept).length > TOTAL_LENGTH_MAX ? '[too large to keep]' : kept;
}

function keep(value: unknown, depth: number): JsonValue {
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'string') return keepText(value);
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (ArrayBuffer.isView(value)) return '[binary]';
  if (typeof value !== 'object') return null;
  if (depth >= DEPTH_MAX) return '[too deep to keep]';
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((item) => keep(item, depth + 1));
  // fromEntries defines own properties, so that a key like __proto__ is only a name.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined && typeof item !== 'function')
      .slice(0, ENTRIES_MAX)
      .map(([name, item]) => [keepText(name), isSecretName(name) ? keepSecret(item) : keep(item, depth + 1)]),
  );
}

/** That there is or was a secret may be known: null and yes or no stay. */
function keepSecret(value: unknown): JsonValue {
  return value === null || typeof value === 'boolean' ? value : REDACTED;
}

/** Also without what jsonb refuses: NUL and halves of surrogate pairs. Searched after a generous cut, so that a huge text costs little. */
function keepText(text: string): string {
  let kept = text
    .slice(0, STRING_LENGTH_MAX * 2)
    .replaceAll('\0', '')
    .toWellFormed();
  kept = replaceSecrets(kept, REDACTED);
  return kept.length > STRING_LENGTH_MAX ? `${kept.slice(0, STRING_LENGTH_MAX).toWellFormed()}…` : kept;
}

/** Whether a field's name says that it holds a secret; snake_case, camelCase and kebab-case alike. */
function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const spelled = words.join(' ');
  return (
    words.some((word) => SECRET_WORDS.has(word)) ||
    SECRET_ENDINGS.some((ending) => spelled === ending || spelled.endsWith(` ${ending}`))
  );
}
