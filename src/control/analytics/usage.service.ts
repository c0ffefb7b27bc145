// Owns: answering how much was used: range, sums, names. Not: the sums (queries), or single calls (usage-event.service.ts).

import { z } from 'zod';
import type { UsageGroup, UsageSort } from '../../contracts/analytics/usage-words.ts';
import type { MemberCaller } from '../../contracts/caller.ts';
import { decodeCursor, encodeCursor } from '../../contracts/paging.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { findLabels } from './usage-labels.queries.ts';
import { type AskedRange, type UsageRange, usageRange } from './usage-range.rules.ts';
import { findUnfoldedFrom, type UsageFilter } from './usage-source.queries.ts';
import { spreadUsage, type UsageSpread } from './usage-spread.queries.ts';
import { isInTime, type SumsAnswer, sortValue, sumUsage } from './usage-sums.queries.ts';

/** What is asked. */
export interface UsageQuestion extends AskedRange {
  readonly filter: Omit<UsageFilter, 'organizationId'>;
  readonly group: UsageGroup;
  readonly sort: UsageSort;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** What is answered. */
export interface UsageAnswer extends SumsAnswer {
  readonly range: UsageRange;
  readonly asOfMs: number;
  readonly spread: UsageSpread;
  readonly labels: ReadonlyMap<string, string>;
  readonly nextCursor: string | null;
}

/** Reads use. */
export interface UsageService {
  /** Of the caller's organization as far as the caller may see it; 400 naming the field of a range that can't be. */
  get(caller: MemberCaller, question: UsageQuestion): Promise<UsageAnswer>;
}

const place = z.tuple([
  z.enum(['in_time', 'cost', 'requests', 'tokens', 'errors']),
  z.string().max(20),
  z.string().nullable(),
]);

/** Over the given database. */
export function createUsageService(options: { readonly database: Database; readonly clock: Clock }): UsageService {
  const { database, clock } = options;
  return {
    async get(caller, { filter: asked, group, sort, limit, cursor, ...when }) {
      const nowMs = clock.nowMs();
      const range = usageRange({ ...when, groupsAreHours: group === 'hour' }, nowMs);
      const filter = { ...asked, organizationId: caller.organizationId };
      const order = isInTime(group) ? 'in_time' : sort;
      const after = cursor === undefined ? null : placeOf(cursor, order);
      return withPrincipal(database, caller, async (tx) => {
        const question = { range, filter, nowMs, unfoldedFromMs: await findUnfoldedFrom(tx) };
        const sums = await sumUsage(tx, { ...question, group, sort, limit, after });
        const spread = await spreadUsage(tx, question);
        const labels = await findLabels(
          tx,
          { group, organizationId: caller.organizationId },
          sums.rows.map(({ key }) => key),
        );
        const last = sums.rows.at(-1);
        const nextCursor =
          last === undefined || sums.otherGroups === 0n
            ? null
            : encodeCursor([order, order === 'in_time' ? '0' : sortValue(last, sort).toString(), last.key as string]);
        return { ...sums, range, asOfMs: nowMs, spread, labels, nextCursor };
      });
    },
  };
}

/** A cursor belongs to the order that it was given for: with another one it is refused. */
function placeOf(cursor: string, order: z.output<typeof place>[0]): readonly [string, string | null] {
  const [, value, key] = decodeCursor(
    cursor,
    place.refine(
      ([of, text]) => of === order && /^-?\d{1,19}$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text),
    ),
  );
  return [value, key];
}
