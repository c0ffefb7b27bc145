// Owns: the session cookie's name, and telling a token we signed from any other text. Not: setting the cookie (the auth library does).

import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * `__Host-` binds the cookie to this very host, over https, for the whole site: no subdomain can plant one (fixation).
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function sessionCookieName(isSecure: boolean): string {
  return `${isSecure ? '__Host-' : ''}weir-session`;
}

const TOKEN_LENGTH_MAX = 512;

/**
 * The token in a `Cookie` header, if it is there once and signed with the secret; else undefined. Form: `token.signature`, percent-encoded; the signature is
 * HMAC-SHA-256 in base64, as better-call makes it. What is not signed by us never costs a query.
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
  const wanted = createHmac('sha256', secret).update(token).digest();
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
