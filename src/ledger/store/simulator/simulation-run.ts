// Owns: one run of a simulation: a plan carried out on a store and on the model, every invariant checked after each step.
// Not: what is done (simulation-plan.ts), many runs (simulation-batch.ts).

import { inspect } from 'node:util';
import type { LedgerStore } from '../../core/ledger-store.ts';
import type { ReserveRequest } from '../../core/reservation.ts';
import type { LedgerHarness } from '../conformance/ledger-harness.ts';
import { checkSnapshot } from '../ledger-invariants.ts';
import type { LedgerSnapshot } from '../ledger-snapshot.ts';
import { copyMemoryState, createMemoryState, type MemoryState } from '../memory-state.ts';
import { snapshotOf, toLot } from '../memory-store.ts';
import { describeRows, explain, type Outcome } from './explanation.ts';
import {
  clockNeverGoesBack,
  hardLimitsHold,
  noPartialReservations,
  nothingStaysHeld,
  organizationsStayApart,
  repeatsAgree,
  settlesStayInPinnedWindows,
} from './history-invariants.ts';
import { createCallers, SIMULATED_CREDIT_TYPE, type SimulatedCallers } from './simulated-callers.ts';
import { type Answer, apply, describeAnswer, describeOperation, type Operation, send } from './simulated-operation.ts';
import type { Fault, SentAction, SimulationPlan, Step } from './simulation-plan.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Longer than any hold of a plan lives. */
const QUIESCENCE_MINUTES = 10_000;
const SWEEP_ALL = 1000;

/** What a run found: null when every invariant held. */
export type SimulationFailure = string | null;

/** A store and the model beside it. */
interface Run {
  readonly harness: LedgerHarness;
  readonly replica: LedgerStore;
  readonly callers: SimulatedCallers;
  /** Every reservation ever sent, by id. */
  readonly requests: Map<string, ReserveRequest>;
  model: MemoryState;
  /** What the machine's clock says, and the latest that it ever said. */
  clockMs: number;
  latestMs: number;
  seenMs: number;
}

/** Thrown inside a run when an invariant is broken; caught at its edge. */
class InvariantBroken extends Error {}

/** Carries out a plan. `startMs` is the instant at which the harness's clock began. */
export async function runSimulation(
  plan: SimulationPlan,
  harness: LedgerHarness,
  startMs: number,
): Promise<SimulationFailure> {
  try {
    const run = await begin(plan, harness, startMs);
    for (const [index, step] of plan.steps.entries()) await labelled(`step ${index}`, () => takeStep(run, step));
    await labelled('the end', () => finish(run));
    return null;
  } catch (error) {
    if (error instanceof InvariantBroken) return error.message;
    return `unexpected error: ${inspect(error)}`;
  }
}

async function begin(plan: SimulationPlan, harness: LedgerHarness, startMs: number): Promise<Run> {
  const organizationIds = [await harness.createOrganization(), await harness.createOrganization()];
  const callers = createCallers(plan, organizationIds, startMs);
  const replica = await harness.openReplica();
  const run = {
    harness,
    replica,
    callers,
    requests: new Map(),
    model: createMemoryState(),
    clockMs: startMs,
    latestMs: startMs,
    seenMs: 0,
  };
  await loadFacts(run);
  return run;
}

async function takeStep(run: Run, step: Step): Promise<void> {
  switch (step.kind) {
    case 'clock':
      await run.harness.advance(step.minutes * MINUTE_MS);
      // A store knows of a later time only when it has read it.
      if (step.minutes < 0) run.model.lastMs = Math.max(run.model.lastMs, run.clockMs);
      run.clockMs += step.minutes * MINUTE_MS;
      run.latestMs = Math.max(run.latestMs, run.clockMs);
      break;
    case 'limit':
      run.callers.setLimit(step.meter, step.limit);
      break;
    case 'facts': {
      const scope = step.scope === 'platform' ? 'platform' : (run.callers.organizationIds[step.scope] ?? 'platform');
      run.model.versions.set(scope, await run.harness.bumpFactVersion(scope));
      break;
    }
    case 'grant':
      await grant(run, step);
      break;
    case 'together':
      await actTogether(run, step.actions, step.fault);
      break;
  }
}

async function grant(run: Run, step: Extract<Step, { kind: 'grant' }>): Promise<void> {
  const effectiveAtMs = modelNow(run) - MINUTE_MS;
  const lot = {
    organizationId: run.callers.organizationIds[step.organization] ?? '',
    creditType: SIMULATED_CREDIT_TYPE,
    initial: step.amount,
    priority: step.priority,
    effectiveAtMs,
    expiresAtMs: step.days === null ? null : effectiveAtMs + step.days * DAY_MS,
  };
  const id = await run.harness.grantLot(lot);
  run.model.lots.set(id, toLot({ ...lot, id }));
  await loadFacts(run);
}

/** The callers and the model learn the versions that are in force. */
async function loadFacts(run: Run): Promise<void> {
  for (const scope of ['platform', ...run.callers.organizationIds])
    run.model.versions.set(scope, await run.harness.factVersion(scope));
  run.callers.setVersions(new Map(run.model.versions));
}

async function actTogether(run: Run, actions: readonly SentAction[], fault: Fault | null): Promise<void> {
  const nowMs = modelNow(run);
  const stores = [run.harness.store(), run.replica];
  const sent = actions.map(({ action, replica, replyLost }) => {
    const operation = run.callers.resolve(action, nowMs);
    if (operation.kind === 'reserve') run.requests.set(operation.request.id, operation.request);
    const store = stores[replica] ?? run.replica;
    return { operation, replyLost, excused: isExcused(operation, replica, fault), reply: send(store, operation) };
  });
  const answers = await hearAll(run, sent, fault);
  await check(
    run,
    sent.map(({ operation }, index) => ({ operation, answer: describe(answers[index]) })),
    nowMs,
  );
  rejectUnless(answers.flatMap((answer) => (answer ? checkRepeat(run, answer) : [])));
  let stale = false;
  for (const [index, { operation, replyLost }] of sent.entries()) {
    const answer = answers[index];
    if (!answer || replyLost) continue;
    stale = run.callers.hear(operation, answer) || stale;
  }
  if (stale) run.callers.setVersions(new Map(run.model.versions));
}

/** Whether an operation may fail: its replica dies; or its connection is cut and it's one that isn't sent again by the store. */
function isExcused(operation: Operation, replica: number, fault: Fault | null): boolean {
  if (fault?.kind === 'crash') return replica === 0;
  return fault?.kind === 'cut' && (operation.kind === 'sweep' || operation.kind === 'read');
}

/** Waits for the answers while the fault happens. What was answered by a crash stands; the rest of the dead replica's may have happened or not. */
async function hearAll(
  run: Run,
  sent: readonly { readonly excused: boolean; readonly reply: Promise<Answer> }[],
  fault: Fault | null,
): Promise<(Answer | undefined)[]> {
  const heard: (Answer | undefined)[] = sent.map(() => undefined);
  const errors: unknown[] = [];
  const replies = sent.map(({ excused, reply }, index) =>
    reply.then(
      (answer) => {
        heard[index] = answer;
      },
      (error: unknown) => {
        if (!excused) errors.push(error);
      },
    ),
  );
  for (let turn = 0; turn < (fault?.afterTurns ?? 0); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  if (fault?.kind === 'cut') await run.harness.cut();
  if (fault?.kind === 'crash') {
    await run.harness.crash();
    run.clockMs = run.latestMs;
  }
  // The dead don't answer, and may not even fail.
  await Promise.all(replies.filter((_, index) => fault?.kind !== 'crash' || sent[index]?.excused === false));
  if (errors.length > 0) throw errors[0];
  return [...heard];
}

async function check(run: Run, outcomes: readonly Outcome[], nowMs: number): Promise<void> {
  const snapshot = await look(run);
  const explanation = explain(run.model, outcomes, { snapshot, nowMs });
  if (!explanation) throw new InvariantBroken(unexplained(run, outcomes, { rows: describeRows(snapshot), nowMs }));
  rejectUnless(replayAdmissions(run.model, explanation.order, nowMs));
  run.model = explanation.state;
  rejectUnless([
    ...checkSnapshot(snapshot),
    ...noPartialReservations(snapshot, run.requests),
    ...settlesStayInPinnedWindows(snapshot, run.callers.holds()),
    ...organizationsStayApart(snapshot),
  ]);
  const storeMs = run.harness.store().nowMs();
  rejectUnless(clockNeverGoesBack(run.seenMs, storeMs));
  run.seenMs = storeMs;
}

/** Goes through the order that explains a step once more, looking at the counters right after each admission. */
function replayAdmissions(before: MemoryState, order: readonly Operation[], nowMs: number): readonly string[] {
  const state = copyMemoryState(before);
  return order.flatMap((operation) => {
    const known = operation.kind === 'reserve' && state.holds.has(operation.request.id);
    const answer = apply(state, operation, nowMs);
    if (known || operation.kind !== 'reserve' || answer.kind !== 'reserve' || answer.verdict.outcome !== 'admitted')
      return [];
    return hardLimitsHold(state, answer.verdict.hold, operation.request);
  });
}

function checkRepeat(run: Run, answer: Answer): readonly string[] {
  if (answer.kind !== 'reserve' || answer.verdict.outcome !== 'admitted') return [];
  const first = run.callers.holds().get(answer.verdict.hold.id);
  return first ? repeatsAgree(first, answer.verdict.hold) : [];
}

async function finish(run: Run): Promise<void> {
  await takeStep(run, {
    kind: 'clock',
    minutes: run.latestMs / MINUTE_MS - run.clockMs / MINUTE_MS + QUIESCENCE_MINUTES,
  });
  const sweep: SentAction = { action: { kind: 'sweep', limit: SWEEP_ALL }, replica: 0, replyLost: false };
  await actTogether(run, [sweep], null);
  await actTogether(run, [sweep], null);
  rejectUnless(nothingStaysHeld(await look(run), run.callers.holds()));
  for (const organizationId of run.callers.organizationIds) rejectUnless(await run.harness.verify(organizationId));
}

function look(run: Run): Promise<LedgerSnapshot> {
  const { organizationIds, platformMeterKeys } = run.callers;
  return run.harness.snapshot({ organizationIds, platformMeterKeys });
}

/** The instant of the ledger: the machine's clock, but never before what was seen. */
function modelNow(run: Run): number {
  run.model.lastMs = Math.max(run.model.lastMs, run.clockMs);
  return run.model.lastMs;
}

function describe(answer: Answer | undefined): string | null {
  return answer ? describeAnswer(answer) : null;
}

function rejectUnless(wrong: readonly string[]): void {
  if (wrong.length > 0) throw new InvariantBroken(wrong.join('\n'));
}

async function labelled(label: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof InvariantBroken) throw new InvariantBroken(`${label}: ${error.message}`);
    throw new Error(`${label} failed`, { cause: error });
  }
}

function unexplained(run: Run, outcomes: readonly Outcome[], observed: { rows: string; nowMs: number }): string {
  const state = copyMemoryState(run.model);
  const lines = outcomes.map(({ operation, answer }) => {
    const expected = describeAnswer(apply(state, operation, observed.nowMs));
    return `  ${describeOperation(operation)}\n    store: ${answer ?? 'crashed'}\n    model: ${expected}`;
  });
  const before = new Set(describeRows(snapshotOf(run.model)).split('\n'));
  const [ours, theirs] = [describeRows(snapshotOf(state)).split('\n'), observed.rows.split('\n')];
  const only = (rows: string[], others: string[]): string =>
    rows
      .filter((row) => !others.includes(row))
      .map((row) => `  ${row}${before.has(row) ? ' (as before)' : ''}`)
      .join('\n');
  return [
    `no order of these operations at ${new Date(observed.nowMs).toISOString()} explains their answers and the rows:`,
    ...lines,
    'rows of the store alone:',
    only(theirs, ours),
    'rows of the model alone, in this order:',
    only(ours, theirs),
  ].join('\n');
}
