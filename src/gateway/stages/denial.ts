// Owns: how exhausted meters are told to the caller: every failing one, the first in the order of report naming the code. Pure.

import { METER_KINDS, type MeterKind, toldLimit, toldUse } from '../../ledger/core/meter.ts';
import type { FailingLeg, ReserveVerdict } from '../../ledger/core/reservation.ts';
import { toJsonAmount } from '../../primitives/amounts.ts';
import { type ErrorCode, WeirError } from '../../primitives/errors.ts';
import type { Admission } from '../call.ts';
import { purchaseDetails } from '../rules/model-access.ts';
import { meterHeaders } from './reply-headers.ts';

const CODES: Readonly<Record<MeterKind, ErrorCode>> = {
  organization_quota: 'organization_quota_exceeded',
  template_limit: 'user_limit_exceeded',
  daily_messages: 'daily_message_limit',
  trial: 'trial_exhausted',
  credits: 'insufficient_credits',
  budget: 'budget_exceeded',
  key_requests: 'rate_limited',
  key_tokens: 'rate_limited',
};

/** A meter without room; how it stands is not always known. */
type Shown = Pick<FailingLeg, 'meter'> & Partial<Pick<FailingLeg, 'used' | 'held' | 'asked'>>;

const WORDS: Readonly<Record<MeterKind, (leg: Shown) => string>> = {
  organization_quota: (leg) =>
    `The organization's monthly token quota ${tokensLeft(leg)} Wait for the reset or ask for a higher quota.`,
  template_limit: (leg) =>
    `Your limit on the template ${leg.meter.label} ${tokensLeft(leg)} Wait for the reset or ask an admin for a higher limit.`,
  daily_messages: ({ meter }) =>
    `Today's ${meter.limit} messages to ${meter.label} are used up. Wait for the reset or choose another model.`,
  trial: ({ meter }) => `The ${meter.limit} trial messages of ${meter.label} are used up. Buy the model to go on.`,
  credits: () => 'There are not enough credits.',
  budget: (leg) => {
    const state = leftOf(leg) > 0n ? 'leaves less than this call may cost.' : 'is used up.';
    return isOfPlatform(leg.meter)
      ? `The budget of the whole platform ${state} Ask whoever runs it, or wait for its next period.`
      : `The budget "${leg.meter.label}" ${state} Ask an admin to raise it or wait for its next period.`;
  },
  key_requests: ({ meter }) => `The key's ${meter.limit} requests a minute are used up. Wait for Retry-After.`,
  key_tokens: ({ meter }) => `The key's ${meter.limit} tokens a minute are used up. Wait for Retry-After.`,
};

/** What all organizations spend together: that it stands in the way is told to everybody, what it is called and how it stands to nobody of one organization. */
export const isOfPlatform = ({ scopeClass }: Pick<FailingLeg['meter'], 'scopeClass'>): boolean =>
  scopeClass === 'platform';

/** What such a meter is called instead. */
export const PLATFORM_LABEL = 'platform';

/** What is neither used nor held; 0 or less: nothing, or not known. */
function leftOf({ meter, used, held }: Shown): bigint {
  return meter.limit === null || used === undefined || held === undefined ? 0n : meter.limit - used - held;
}

/** Somebody who sees a limit that is not all used has to read why the call does not fit. */
function tokensLeft(leg: Shown): string {
  const left = leftOf(leg);
  return left > 0n ? `leaves ${left} tokens; this call needs at least ${leg.asked}.` : 'is used up.';
}

/** The error of a denied reservation. */
export function denialError(
  admission: Admission,
  verdict: Extract<ReserveVerdict, { outcome: 'denied' }>,
  nowMs: number,
): WeirError {
  const failing = inOrderOfReport(verdict.failing);
  const first = failing[0];
  const meters = failing.map((leg) => describeMeter(leg));
  const { credits } = verdict;
  if (credits && (!first || METER_KINDS.indexOf(first.meter.kind) > METER_KINDS.indexOf('credits'))) {
    return new WeirError('insufficient_credits', {
      rule: 'credits',
      message: `The feature needs ${credits.asked} credits and ${credits.available} are left. Buy credits or wait for the next allocation.`,
      details: {
        meters,
        credits: { required: toJsonAmount(credits.asked), balance: toJsonAmount(credits.available) },
        upgrade_url: '/credits',
      },
    });
  }
  if (!first) throw new Error('a denial without a failing meter');
  const code = CODES[first.meter.kind];
  const retryAfterSeconds = Math.max(1, Math.ceil((first.window.endMs - nowMs) / 1000));
  const isHopeless = isBeyondAllMinutes(first);
  return new WeirError(code, {
    rule: first.meter.kind,
    message: isHopeless ? tooLargeWords(first) : WORDS[first.meter.kind](first),
    details: { meters, ...(first.meter.kind === 'trial' ? purchaseDetails(admission.resolution.model) : {}) },
    headers: {
      ...meterHeaders(failing, { nowMs, isAnthropic: admission.dimensions.route === 'messages' }),
      ...(isHopeless ? { 'x-should-retry': 'false' } : {}),
    },
    ...(first.meter.window.kind === 'lifetime' || isHopeless ? {} : { retryAfterSeconds }),
  });
}

/** Whether the call alone asks more than a whole minute has: SDKs, which wait out a minute, would try for ever. */
function isBeyondAllMinutes({ meter, asked }: FailingLeg): boolean {
  return meter.window.kind === 'minute' && meter.limit !== null && asked > meter.limit;
}

function tooLargeWords({ meter, asked }: FailingLeg): string {
  return `The call asks for ${asked} ${meter.unit} of ${meter.label}, more than the whole limit of ${meter.limit}. Send a smaller call or ask for a higher limit.`;
}

/** The error that an exhausted meter of a kind is. */
export function codeOfMeter(kind: MeterKind): ErrorCode {
  return CODES[kind];
}

/** What a call is told that finds no room in a meter. */
export function meterRefusal(leg: Shown): { readonly code: ErrorCode; readonly message: string } {
  return { code: CODES[leg.meter.kind], message: WORDS[leg.meter.kind](leg) };
}

/** The failing leg that names the answer. */
export function firstFailing(failing: readonly FailingLeg[]): FailingLeg | undefined {
  return inOrderOfReport(failing)[0];
}

function inOrderOfReport(failing: readonly FailingLeg[]): FailingLeg[] {
  return [...failing].sort((a, b) => METER_KINDS.indexOf(a.meter.kind) - METER_KINDS.indexOf(b.meter.kind));
}

/** A failing meter as the reply shows it. */
function describeMeter(leg: FailingLeg): Record<string, unknown> {
  const { meter, window, used, held, asked } = leg;
  const isHidden = isOfPlatform(meter);
  const limit = isHidden ? null : toldLimit(meter);
  return {
    meter: meter.kind,
    name: isHidden ? PLATFORM_LABEL : meter.label,
    unit: meter.unit,
    window: meter.window.kind,
    limit: limit === null ? null : toJsonAmount(limit),
    used: toJsonAmount(isHidden ? 0n : toldUse(meter, used)),
    held: toJsonAmount(isHidden ? 0n : held),
    asked: toJsonAmount(asked),
    resets_at: meter.window.kind === 'lifetime' ? null : new Date(window.endMs).toISOString(),
  };
}
