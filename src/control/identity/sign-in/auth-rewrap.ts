// Owns: carrying what the auth library encrypted (second factors, tokens of other sign-ins) over to another secret. Not: which columns those are, or the secret.

import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';

/** As the library is set up: one version. */
const configOf = (secret: string) => ({ keys: new Map([[1, secret]]), currentVersion: 1, legacySecret: secret });

/**
 * A stored value under the secret `to`: null when it is so already; `damaged` when neither `to` nor any of `from` opens it. Safe to repeat.
 */
export async function rewrapAuthValue(
  stored: string,
  { from, to }: { readonly from: readonly string[]; readonly to: string },
): Promise<{ readonly value: string } | 'damaged' | null> {
  if ((await tryDecrypt(stored, to)) !== undefined) return null;
  for (const secret of from) {
    const data = await tryDecrypt(stored, secret);
    if (data !== undefined) return { value: await symmetricEncrypt({ key: configOf(to), data }) };
  }
  return 'damaged';
}

async function tryDecrypt(stored: string, secret: string): Promise<string | undefined> {
  try {
    return await symmetricDecrypt({ key: configOf(secret), data: stored });
  } catch {
    return undefined;
  }
}
