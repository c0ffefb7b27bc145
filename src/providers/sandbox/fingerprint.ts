// Owns: the number that a request's answer is drawn from. Not: security: this is no cryptographic hash.

/** Characters at each end of a long text that are read; its length counts too. */
const EDGE = 4096;

/** A number below 2^32 that the same text always gives (FNV-1a over UTF-16 units, with a final mix). Time is bounded, whatever the text. */
export function fingerprint(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed ^ Math.imul(text.length, 0x9e3779b1)) >>> 0;
  const middle = text.length > 2 * EDGE;
  const head = middle ? EDGE : text.length;
  for (let index = 0; index < head; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  for (let index = text.length - EDGE; middle && index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return hash >>> 0;
}

/** Eight hexadecimal digits, for identifiers. */
export function hexDigits(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}
