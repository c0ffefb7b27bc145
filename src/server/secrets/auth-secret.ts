// Owns: the secret that signs cookies and tokens of sign-in, derived so that there is no further setting to lose. Not: the master key.

import { hkdfSync } from 'node:crypto';

/** HKDF-SHA-256 (RFC 5869) of the master key, bound to this use; base64url. A rotated master key ends every session. */
export function deriveAuthSecret(masterKey: Buffer): string {
  return Buffer.from(hkdfSync('sha256', masterKey, '', 'weir sign-in v1', 32)).toString('base64url');
}
