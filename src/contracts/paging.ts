// Owns: how lists page: limit, opaque cursor, and the form of a page. Not: the order of a list (its query).

import { z } from 'zod';
import { invalidField } from './problem.ts';

/** Rows of one page at most. */
const PAGE_LIMIT_MAX = 100;
const PAGE_LIMIT = 50;
const CURSOR_LENGTH_MAX = 1_000;

/** The query parameters of every list; spread into the endpoint's own. */
export const pageParameters = {
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT),
  cursor: z.string().min(1).max(CURSOR_LENGTH_MAX).optional(),
} as const;

/** A true or false in a query string. */
export const queryFlag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** The answer of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ data: z.array(item).max(PAGE_LIMIT_MAX), next_cursor: z.string().nullable() });
}

/** What a query needs to give one page. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** One page of a list. `nextCursor` null: that was the last. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** The place after an item, as text nobody needs to read: base64url of a JSON list. */
export function encodeCursor(place: readonly (string | number)[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(place));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The place a cursor stands for, checked by `schema`. Anything else is refused as 400 naming `cursor`: it came from outside. */
export function decodeCursor<Place extends z.ZodType>(cursor: string, schema: Place): z.output<Place> {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (char) => char.charCodeAt(0)),
    );
    const place: unknown = JSON.parse(text);
    // PostgreSQL's texts hold no NUL: as a value in a comparison it would be a fault of ours.
    if (JSON.stringify(place).includes('\\u0000')) throw new Error('a NUL');
    return schema.parse(place);
  } catch {
    throw invalidField('cursor', 'is not a cursor of this list');
  }
}

/**
 * A page from `limit + 1` rows: the one too many only says that there are more. `placeOf` gives the values that the list is ordered by, ending with one that is
 * unique.
 */
export function toPage<Item>(
  rows: readonly Item[],
  limit: number,
  placeOf: (item: Item) => readonly (string | number)[],
): Page<Item> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(placeOf(last)) : null };
}
