// Owns: the tokens of invitations: 256 bits of chance, of which only the SHA-256 is stored. Not: how long one holds.

import { createHash } from 'node:crypto';
import type { Random } from '../../../primitives/random.ts';

const TOKEN_BYTES = 32;

/** A new token with its hash. */
export function createInvitationToken(random: Random): { readonly token: string; readonly hash: Buffer } {
  const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
  return { token, hash: hashInvitationToken(token) };
}

/** What is stored and looked for. Looking for a hash tells by its time nothing of the token: nobody can choose how their guess is hashed. */
export function hashInvitationToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
