// Owns: the form in which the auth library (better-auth 1.7, @better-auth/utils/password) keeps passwords. Not: signing in.

import { scrypt } from 'node:crypto';
import type { Random } from '../../primitives/random.ts';

/** scrypt's cost, block size and parallelism there: 32 MiB and tens of milliseconds a password. */
const COST = { N: 16_384, r: 16, p: 1 } as const;
const KEY_BYTES = 64;
const SALT_BYTES = 16;
/** scrypt needs 128 · N · r bytes; Node refuses more than this. */
const MAX_MEMORY_BYTES = 128 * COST.N * COST.r * 2;

/** `<salt hex>:<key hex>`. The salt enters scrypt as its hex text, as the library does it; the password in Unicode form NFKC. */
export function hashPassword(password: string, random: Random): Promise<string> {
  const salt = Buffer.from(random.bytes(SALT_BYTES)).toString('hex');
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, { ...COST, maxmem: MAX_MEMORY_BYTES }, (error, key) => {
      if (error) reject(error);
      else resolve(`${salt}:${key.toString('hex')}`);
    });
  });
}
