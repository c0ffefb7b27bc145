// Owns: which number a counter (meter x window) has in the database, remembered so that batches name counters by number.
// Not: their amounts: those are only ever read under the batch's locks.

import type { Meter } from '../core/meter.ts';
import { SCOPE_CLASSES } from '../core/meter.ts';
import { type Window, windowAt } from '../core/window.ts';
import { plainArray, textArray } from './array-literal.ts';
import type { PinnedLeg } from './operation.ts';

/** Meters remembered at most, each with its last two windows; one that comes back costs a query. */
const REMEMBERED_MAX = 200_000;

/** Runs one statement on the lane's connection. */
export type RunStatement = (statement: {
  name: string;
  text: string;
  values: unknown[];
}) => Promise<{ rows: Record<string, unknown>[] }>;

/** A counter to be named. */
export interface CounterName {
  readonly meter: Meter;
  readonly window: Window;
}

/** The numbers of counters. */
export interface CounterRegistry {
  /** The window of the instant with its counter's number; undefined where the number is not known. */
  find(meter: Meter, nowMs: number): PinnedLeg | undefined;
  /** Learns the numbers of counters, making missing rows. One statement. */
  ensure(names: readonly CounterName[], run: RunStatement): Promise<void>;
  /** Forgets everything: a counter was archived. */
  clear(): void;
}

const STATEMENT = {
  name: 'ledger_counters',
  text: 'select weir_private.ledger_counters($1, $2, $3, $4, $5, $6, $7) as ids',
};

/** Makes an empty registry. */
export function createCounterRegistry(): CounterRegistry {
  const ids = new Map<string, PinnedLeg[]>();
  const remember = (key: string, pinned: PinnedLeg): void => {
    const others = (ids.get(key) ?? []).filter(({ window }) => window.startMs !== pinned.window.startMs);
    // Maps keep the order of insertion: what was used last comes last, what goes first was used longest ago.
    ids.delete(key);
    ids.set(key, [...others.slice(-1), pinned]);
    if (ids.size > REMEMBERED_MAX) forgetOldest(ids);
  };
  return {
    find(meter, nowMs) {
      const known = ids.get(meter.key);
      if (known === undefined) return undefined;
      // A key's windows are cut in one way for ever, except by an anniversary, whose anchor may be moved.
      if (meter.window.kind !== 'anniversary')
        return known.find(({ window }) => window.startMs <= nowMs && nowMs < window.endMs);
      const { startMs } = windowAt(meter.window, nowMs);
      return known.find(({ window }) => window.startMs === startMs);
    },
    async ensure(names, run) {
      const result = await run({
        ...STATEMENT,
        values: [
          textArray(names.map((name) => name.meter.key)),
          plainArray(names.map((name) => name.window.startMs)),
          plainArray(names.map((name) => name.window.endMs)),
          plainArray(names.map((name) => name.meter.organizationId)),
          textArray(names.map((name) => name.meter.kind)),
          textArray(names.map((name) => name.meter.unit)),
          plainArray(names.map((name) => lockRank(name.meter))),
        ],
      });
      const made = result.rows[0]?.ids as bigint[];
      for (const [index, name] of names.entries()) {
        const id = made[index];
        if (id !== undefined) remember(name.meter.key, { window: name.window, counterId: id });
      }
    },
    clear: () => ids.clear(),
  };
}

function forgetOldest(ids: Map<string, unknown>): void {
  const oldest = ids.keys().next();
  if (!oldest.done) ids.delete(oldest.value);
}

/** The place of a meter's scope in the order of locking. */
export function lockRank(meter: Meter): number {
  return SCOPE_CLASSES.indexOf(meter.scopeClass);
}
