// Proves: what each ending of a call charges on each kind of meter, and what its event says.

import { describe, expect, test } from 'vitest';
import { NO_TOKENS, type TokenCounts } from '../../ledger/core/usage-event.ts';
import { sampleAdmittedCall } from '../testing/sample-calls.ts';
import { sampleCaller, sampleModel } from '../testing/sample-facts.ts';
import { type CallEnding, settlementOf } from './settle.ts';

const TOKENS: TokenCounts = { ...NO_TOKENS, input: 7n, output: 3n };
/** 7 at 1 and 3 at 4 nano-USD a token. */
const COST = 19n;
const KINDS = [
  'organization_quota',
  'daily_messages',
  'trial',
  'credits',
  'budget',
  'key_requests',
  'key_tokens',
] as const;

function ending(more: Partial<CallEnding> = {}): CallEnding {
  return {
    status: 'success',
    errorCode: null,
    tokens: TOKENS,
    source: 'provider',
    servedModel: MODEL,
    hasOutput: true,
    attempts: 1,
    latencyMs: 5,
    timeToFirstTokenMs: null,
    upstreamRequestId: null,
    ...more,
  };
}

const MODEL = sampleModel();
const callWith = (more: Parameters<typeof sampleAdmittedCall>[0] = {}) =>
  sampleAdmittedCall({ resolution: { model: MODEL }, kinds: KINDS, trial: true, credits: 3n, ...more });

describe('what is charged', () => {
  const ALL = [10n, 50n, 50n, 50n, COST, 50n, 10n];
  const NOTHING = [0n, 0n, 0n, 0n, 0n, 50n, 0n];
  test.each([
    ['a success', {}, ALL],
    ['a success of no words', { hasOutput: false }, ALL],
    ['an error without output: only its place in the rate of requests', { status: 'error', hasOutput: false }, NOTHING],
    ['a time-out without output', { status: 'timeout', hasOutput: false, tokens: NO_TOKENS }, NOTHING],
    ['a client that left before any output', { status: 'cancelled', hasOutput: false }, NOTHING],
    ['an answer that was cut', { status: 'error', hasOutput: true }, ALL],
    ['an answer that was left', { status: 'cancelled', hasOutput: true }, ALL],
    ['an explicit 0', { tokens: { ...NO_TOKENS } }, [0n, 50n, 50n, 50n, 0n, 50n, 0n]],
  ] as const)('%s', (_name, more, used) => {
    const settlement = settlementOf(callWith(), ending(more));
    expect(settlement.used).toEqual(used);
    expect(settlement.creditsUsed).toBe(used === NOTHING ? 0n : 3n);
    expect(settlement.event.trial).toBe(used !== NOTHING);
  });
});

test('what the provider bills for a failed call is the platform’s, not the customer’s', () => {
  const { event } = settlementOf(callWith(), ending({ status: 'error', hasOutput: false }));
  expect([event.costNanoUsd, event.providerCostNanoUsd]).toEqual([0n, COST]);
  const unsent = settlementOf(callWith(), ending({ status: 'error', hasOutput: false, tokens: NO_TOKENS }));
  expect(unsent.event.providerCostNanoUsd).toBe(0n);
});

test('a model without a price costs an unknown amount, never 0, and takes nothing from a budget', () => {
  const { event, used } = settlementOf(callWith(), ending({ servedModel: sampleModel({ price: null }) }));
  expect([event.costNanoUsd, event.providerCostNanoUsd]).toEqual([null, null]);
  expect(used[KINDS.indexOf('budget')]).toBe(0n);
});

test('while nothing is charged for, tokens are counted and money is the platform’s', () => {
  const caller = sampleCaller({ switches: { chargingEnabled: false } });
  const { event, used } = settlementOf(callWith({ caller }), ending());
  expect([event.costNanoUsd, event.providerCostNanoUsd, used[0]]).toEqual([0n, COST, 10n]);
});

test('a fallback’s event names the model that served and its price', () => {
  const other = sampleModel({ id: 'other' });
  const { event } = settlementOf(callWith(), ending({ servedModel: other, attempts: 4 }));
  expect(event).toMatchObject({ fallbackUsed: true, retries: 3, dimensions: { modelId: 'other', priceId: 'price-1' } });
});

test('retries are the attempts after the first, and none for a call that made none', () => {
  const retriesOf = (attempts: number) => settlementOf(callWith(), ending({ attempts })).event.retries;
  expect([retriesOf(0), retriesOf(1), retriesOf(3)]).toEqual([0, 0, 2]);
});

test('the caller’s tags stand on the event', () => {
  expect(settlementOf(callWith(), ending()).event.tags).toEqual({ team: 'blue' });
});
