// Owns: whether what a store did with some operations at once can be explained: an order in which the model, one after the other,
// gives the same answers and comes to the same rows. Operations whose outcome nobody heard may have happened or not.

import type { CounterAmount, LedgerSnapshot } from '../ledger-snapshot.ts';
import { copyMemoryState, type MemoryState } from '../memory-state.ts';
import { snapshotOf } from '../memory-store.ts';
import { apply, describeAnswer, type Operation } from './simulated-operation.ts';

/** Half the shortest step of the clock. */
const EXPIRY_TOLERANCE_MS = 30_000;

/** An operation and what came of it. */
export interface Outcome {
  readonly operation: Operation;
  /** What the store answered, as text; null when it crashed first. */
  readonly answer: string | null;
}

/** An order that explains everything: the operations that happened, and the model after them. */
export interface Explanation {
  readonly order: readonly Operation[];
  readonly state: MemoryState;
}

/** Finds an order, or undefined: then the store did what no order of its operations could do. */
export function explain(
  before: MemoryState,
  outcomes: readonly Outcome[],
  observed: { readonly snapshot: LedgerSnapshot; readonly nowMs: number },
): Explanation | undefined {
  const { snapshot, nowMs } = observed;
  const rows = describeRows(snapshot);
  return search({ state: before, order: [] }, outcomes, { nowMs, snapshot, rows, alone: outcomes.length === 1 });
}

/** Rows as a text that is equal for equal ledgers: empty counters and lines of zero are left out, everything is sorted. */
export function describeRows(snapshot: LedgerSnapshot): string {
  const counters = snapshot.counters
    .filter((row) => row.used !== 0n || row.held !== 0n)
    .map((row) => `counter ${row.meterKey}@${row.windowStartMs}-${row.windowEndMs} ${row.used}+${row.held}`);
  const holds = snapshot.openHolds.map(
    (hold) => `hold ${hold.id} output ${hold.grantedOutput} ${describeAmounts(hold.legs)} credits ${hold.credits}`,
  );
  const events = snapshot.events.map(
    (event) =>
      `event ${event.id} ${event.kind} ${event.status} ${event.source} ${describeAmounts(event.charges)} credits ${event.credits}`,
  );
  const lots = snapshot.lots.map(
    (lot) => `lot ${lot.id} ${lot.initial}=${lot.remaining}+${lot.held}+${lot.consumed}+${lot.expired}+${lot.voided}`,
  );
  return [...counters, ...holds, ...events, ...lots].sort().join('\n');
}

interface Observed {
  readonly snapshot: LedgerSnapshot;
  /** The same as text. */
  readonly rows: string;
  readonly nowMs: number;
  /** Nothing else was under way: a sweep that leaves something due has no excuse. */
  readonly alone: boolean;
}

function search(reached: Explanation, left: readonly Outcome[], observed: Observed): Explanation | undefined {
  if (left.every((outcome) => outcome.answer === null) && looksLike(snapshotOf(reached.state), observed))
    return reached;
  for (const [index, outcome] of left.entries()) {
    const state = copyMemoryState(reached.state);
    const operation = happened(outcome, observed.alone);
    if (operation !== null) {
      const answer = describeAnswer(apply(state, operation, observed.nowMs));
      if (outcome.answer !== null && outcome.answer !== answer) continue;
    }
    const order = [...reached.order, outcome.operation];
    const found = search({ state, order }, left.toSpliced(index, 1), observed);
    if (found) return found;
  }
  return undefined;
}

/**
 * The same rows, and holds that live as long: an extension that nobody heard of may leave no other trace, and a later sweep tells the difference. The store's
 * clock runs on within a step, where the model's stands; steps are minutes apart.
 */
function looksLike(model: LedgerSnapshot, { rows, snapshot }: Observed): boolean {
  if (describeRows(model) !== rows) return false;
  const expiries = new Map(snapshot.openHolds.map((hold) => [hold.id, hold.expiresAtMs]));
  return model.openHolds.every(
    ({ id, expiresAtMs }) => Math.abs(expiresAtMs - (expiries.get(id) ?? expiresAtMs)) < EXPIRY_TOLERANCE_MS,
  );
}

/** What the operation did, given its answer. A sweep leaves to another one under way what that one is at, so it may end fewer than it could. */
function happened({ operation, answer }: Outcome, alone: boolean): Operation | null {
  if (operation.kind !== 'sweep' || answer === null || alone) return operation;
  const ended = Number(answer.slice('ended '.length));
  return ended === 0 ? null : { kind: 'sweep', limit: ended };
}

function describeAmounts(amounts: readonly CounterAmount[]): string {
  const lines = amounts
    .filter(({ amount }) => amount !== 0n)
    .map(({ meterKey, windowStartMs, amount }) => `${meterKey}@${windowStartMs}=${amount}`);
  return `[${lines.sort().join(', ')}]`;
}
