// Owns: the session cookie: its name, its signed form, and telling a token we signed from any other text. Not: making sessions (the auth library, and platform
// administration for an impersonation).

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * `__Host-` binds the cookie to this very host, over https, for the whole site: no subdomain can plant one (fixation).
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function sessionCookieName(isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}weir-session`;
}

const TOKEN_LENGTH_MAX = 512;

/** A token as the cookie's value: `token.signature`, percent-encoded; the signature is HMAC-SHA-256 in base64, as better-call makes it. */
export function signSessionToken(token: string, secret: string): string {
  return encodeURIComponent(`${token}.${signatureOf(token, secret).toString('base64')}`);
}

const signatureOf = (token: string, secret: string): Buffer => createHmac('sha256', secret).update(token).digest();

/**
 * The token in a `Cookie` header, if it is there once and signed with the secret; else undefined. What is not signed by us never costs a query.
 */
export function readSessionToken(cookieHeader: string | undefined, name: string, secret: string): string | undefined {
  const values = (cookieHeader ?? '').split(';').flatMap((part) => {
    const at = part.indexOf('=');
    return at > 0 && part.slice(0, at).trim() === name ? [part.slice(at + 1).trim()] : [];
  });
  const [value, another] = values;
  if (value === undefined || another !== undefined || value.length > TOKEN_LENGTH_MAX) return undefined;
  const text = decode(value);
  const dot = text.lastIndexOf('.');
  if (dot < 1) return undefined;
  const token = text.slice(0, dot);
  const wanted = signatureOf(token, secret);
  const given = Buffer.from(text.slice(dot + 1), 'base64');
  return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : undefined;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}
