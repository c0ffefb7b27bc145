// Owns: the version of a thing as HTTP shows it, and refusing an edit of an older one. Not: where versions come from (updated_at, in microseconds).

import { WeirError } from '../primitives/errors.ts';

/** The strong `ETag` of a version: a row's `updated_at` as microseconds. */
export function entityTag(version: bigint): string {
  return `"${version.toString(36)}"`;
}

/**
 * Refuses an edit that was made of another version than the one that is there: 412 `stale`. Without `If-Match` everything is fresh. Call it in the transaction
 * that has locked the row. RFC 9110 section 13.1.1: tags compare strongly, so a weak one never matches.
 */
export function checkFresh(ifMatch: string | null, version: bigint): void {
  if (ifMatch === null || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.includes(entityTag(version))) throw new WeirError('stale');
}
