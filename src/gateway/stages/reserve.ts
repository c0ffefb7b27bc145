// Owns: from a permitted call to a durable hold: all meters or none, before anything leaves. Decides anew when facts changed under it, and counts
// the input exactly when its upper bound has no room. Not: the arithmetic (the ledger) or the rules (decide.ts).

import { canRefuse } from '../../ledger/core/decide.ts';
import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { ReserveVerdict } from '../../ledger/core/reservation.ts';
import type { UsageEvent } from '../../ledger/core/usage-event.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { TokenCounter } from '../../providers/counting/token-counter.ts';
import type { ParsedCall } from '../../providers/protocol.ts';
import type { OutputForecast } from '../admission/output-forecast.ts';
import type { Admission, AdmittedCall, Caller, CallWishes, IncomingCall, Resolution } from '../call.ts';
import { STALE_DECISIONS_MAX } from '../limits.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { CheckTemplateTrial } from '../template-trials.ts';
import type { Cancellation } from '../upstream/cancellation.ts';
import { authenticate } from './authenticate.ts';
import { decide, mostOutputTokens, toError } from './decide.ts';
import { denialError } from './denial.ts';
import { countInputExactly } from './exact-input.ts';
import { resolve } from './resolve.ts';

/** What reserving needs. */
export interface ReserveDependencies {
  readonly store: LedgerStore;
  readonly snapshot: Snapshot;
  readonly forecast: OutputForecast;
  readonly holdTtlMs: number;
  readonly counter: TokenCounter;
  readonly checkTemplateTrial: CheckTemplateTrial;
  /** Makes the organization's plan credits of the running 30 days, if they are not there yet. */
  readonly ensureCredits: (caller: Caller, nowMs: number) => Promise<void>;
}

/** A call on its way to the ledger. */
export interface CallToAdmit {
  readonly incoming: IncomingCall;
  readonly caller: Caller;
  readonly parsed: ParsedCall;
  readonly wishes: CallWishes;
  readonly client: Cancellation;
  /** Told what the call is about as soon as it is known, again each time it is found out anew: a refusal is recorded with it. */
  readonly onResolved: (resolution: Resolution) => void;
}

/**
 * Admits a call or refuses it.
 * @throws {WeirError} of a rule, of the exhausted meters, `ledger_unavailable`, `overloaded`
 */
export async function admit(dependencies: ReserveDependencies, call: CallToAdmit): Promise<AdmittedCall> {
  const { store, snapshot } = dependencies;
  let { caller } = call;
  let exactInput: bigint | undefined;
  const exhausted = new Set<string>();
  for (let round = 0; round < STALE_DECISIONS_MAX; round += 1) {
    const admission = plan(dependencies, { ...call, caller }, { exactInput, exhausted });
    const trialOver = admission.resolution.template?.isTrial
      ? await dependencies.checkTemplateTrial(caller, admission.resolution, store.nowMs())
      : null;
    if (trialOver) throw toError({ ...trialOver, rule: 'template_trial' });
    if (admission.credits) await dependencies.ensureCredits(caller, store.nowMs());
    const verdict = await reserve(dependencies, { ...call, caller }, admission);
    if (verdict.outcome === 'admitted') {
      const { hold, states } = verdict;
      return {
        incoming: call.incoming,
        parsed: call.parsed,
        wishes: call.wishes,
        client: call.client,
        caller,
        admission,
        hold,
        states,
        outputCap: outputCapOf(call.parsed, admission, hold.grantedOutput),
      };
    }
    if (verdict.outcome === 'denied') {
      if (passOver(exhausted, call.parsed, { admission, verdict })) continue;
      const exact =
        exactInput === undefined ? countIfItHelps(dependencies.counter, { ...call, admission }, verdict) : undefined;
      if (exact === undefined) throw denialError(admission, verdict, store.nowMs());
      exactInput = exact;
      continue;
    }
    if (verdict.outcome === 'ended')
      throw new WeirError('internal_error', { internal: 'a new call id has ended already' });
    snapshot.invalidate(caller.organization.id, {
      platform: caller.platform.version,
      organization: caller.organization.version,
    });
    // The model or its template may be another one now: what was counted for it no longer holds.
    exactInput = undefined;
    // Who asks is read again too: it may be what changed.
    caller = await authenticate(call.incoming, snapshot);
  }
  throw new WeirError('overloaded', { retryAfterSeconds: 1, internal: 'facts change faster than calls are decided' });
}

/** What earlier rounds of a decision have found out. */
interface FoundOut {
  readonly exactInput: bigint | undefined;
  /** Models whose trial is used up. */
  readonly exhausted: ReadonlySet<string>;
}

function plan(dependencies: ReserveDependencies, call: CallToAdmit, { exactInput, exhausted }: FoundOut): Admission {
  const nowMs = dependencies.store.nowMs();
  const { caller, parsed, wishes, incoming } = call;
  const resolution = resolve({ caller, parsed, wishes, nowMs, exhausted });
  call.onResolved(resolution);
  return decide({
    caller,
    resolution,
    parsed,
    wishes,
    nowMs,
    remoteAddress: incoming.remoteAddress,
    forecast: dependencies.forecast,
    ...(exactInput === undefined ? {} : { inputTokens: exactInput }),
  });
}

function reserve(
  { store, holdTtlMs }: ReserveDependencies,
  call: CallToAdmit,
  admission: Admission,
): Promise<ReserveVerdict> {
  const { incoming, caller, parsed, wishes, client } = call;
  return store.reserve(
    {
      id: incoming.id,
      organizationId: caller.organization.id,
      versions: { platform: caller.platform.version, organization: caller.organization.version },
      ttlMs: holdTtlMs,
      legs: admission.legs,
      output: admission.output,
      credits: admission.credits,
      event: plannedEvent(admission, parsed.stream, wishes.tags),
    },
    {
      get aborted() {
        return client.isCancelled();
      },
    },
  );
}

/** A preferred model whose trial is used up is passed over for the next preference. True when there is one to try. */
function passOver(
  exhausted: Set<string>,
  parsed: ParsedCall,
  { admission, verdict }: { admission: Admission; verdict: Extract<ReserveVerdict, { outcome: 'denied' }> },
): boolean {
  const { id } = admission.resolution.model;
  const isUsedUp = verdict.failing.some(({ meter }) => meter.kind === 'trial');
  if (parsed.model !== 'auto' || !isUsedUp || exhausted.has(id)) return false;
  exhausted.add(id);
  return true;
}

/** What is known of the event before the call leaves; it becomes the event if nobody ends the hold. */
export function plannedEvent(admission: Admission, streamed: boolean, tags: UsageEvent['tags']): UsageEvent {
  return {
    dimensions: admission.dimensions,
    tokens: {
      input: admission.inputTokens,
      output: 0n,
      cachedInput: 0n,
      cacheWrite: 0n,
      cacheWrite1h: 0n,
      reasoning: 0n,
    },
    source: 'estimated',
    costNanoUsd: admission.estimatedCost,
    providerCostNanoUsd: admission.resolution.model.ownProvider === undefined ? admission.estimatedCost : 0n,
    status: 'timeout',
    errorCode: null,
    streamed,
    trial: admission.trial,
    retries: 0,
    fallbackUsed: admission.resolution.fallback !== null,
    latencyMs: null,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
    tags,
  };
}

/** The exact count, when the bound was what did not fit and the count is lower. */
function countIfItHelps(
  counter: TokenCounter,
  call: CallToAdmit & { readonly admission: Admission },
  verdict: Extract<ReserveVerdict, { outcome: 'denied' }>,
): bigint | undefined {
  const bound = verdict.failing.some(({ meter }) => meter.unit === 'tokens' || meter.unit === 'nano_usd');
  const others =
    verdict.credits !== null ||
    verdict.failing.some(({ meter }) => meter.unit !== 'tokens' && meter.unit !== 'nano_usd');
  if (!bound || others) return undefined;
  const { resolution, inputTokens } = call.admission;
  const counted = countInputExactly(counter, { ...call, resolution });
  return counted !== null && counted < inputTokens ? counted : undefined;
}

/**
 * The most output of one answer that the upstream is told: what the hold covers, wherever a hard meter counts output, for whatever model serves
 * the call in the end; otherwise what the template allows. Null where the caller's own limit is no higher.
 */
function outputCapOf(parsed: ParsedCall, admission: Admission, grantedOutput: bigint): number | null {
  if (parsed.route === 'embeddings') return null;
  const isLimited = admission.legs.some((leg) => leg.rate > 0n && canRefuse(leg));
  const covered = isLimited ? Number(grantedOutput / BigInt(parsed.choices)) : Number.POSITIVE_INFINITY;
  const cap = Math.min(covered, mostOutputTokens(parsed, admission.resolution));
  const wish =
    parsed.maxOutputTokens ?? (isLimited ? Number.POSITIVE_INFINITY : admission.resolution.model.maxOutputTokens);
  return cap < wish ? cap : null;
}
