// Owns: settlements and releases of every possible form, for property tests. Not: what must hold of them.

import fc from 'fast-check';
import { METER_KINDS, type Meter, SCOPE_CLASSES } from '../../../ledger/core/meter.ts';
import type { HeldLeg, Hold } from '../../../ledger/core/reservation.ts';
import type { UsageEvent } from '../../../ledger/core/usage-event.ts';
import type { SettlementEntry } from '../settlement-entry.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 18n });
const anyText = fc.string({ unit: 'binary', maxLength: 40 });
const orNull = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: null });
const instant = fc.integer({ min: 0, max: 253_402_214_400_000 });
const uuid = fc.uuid();

const meter: fc.Arbitrary<Meter> = fc.record({
  key: anyText,
  kind: fc.constantFrom(...METER_KINDS),
  scopeClass: fc.constantFrom(...SCOPE_CLASSES),
  unit: fc.constantFrom('tokens', 'messages', 'requests', 'credits', 'nano_usd'),
  window: fc.oneof(
    fc.record({ kind: fc.constantFrom('minute', 'day', 'week', 'month', 'quarter', 'lifetime') }),
    fc.record({ kind: fc.constant('anniversary' as const), anchorMs: instant }),
  ),
  limit: orNull(amount),
  mode: fc.constantFrom('hard', 'soft'),
  organizationId: orNull(uuid),
  label: anyText,
});

const leg: fc.Arbitrary<HeldLeg> = fc.record({
  meter,
  window: fc.record({ startMs: instant, endMs: instant }),
  // Few numbers: counters come back, some of them with another limit or name.
  counterId: fc.oneof(fc.bigInt({ min: 1n, max: 5n }), fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n })),
  amount,
});

const hold: fc.Arbitrary<Hold> = fc.record({
  id: uuid,
  organizationId: uuid,
  reservedAtMs: instant,
  legs: fc.array(leg, { maxLength: 6 }),
  grantedOutput: amount,
  credits: orNull(
    fc.record({
      creditType: anyText,
      amount,
      lots: fc.array(fc.record({ lotId: uuid, amount }), { maxLength: 3 }),
    }),
  ),
});

const dimensions: fc.Arbitrary<UsageEvent['dimensions']> = fc.record({
  organizationId: uuid,
  departmentId: orNull(uuid),
  userId: fc.constantFrom(null, 'u1'),
  virtualKeyId: fc.constantFrom(null, 'k1'),
  templateId: orNull(fc.nat()),
  templateSlug: orNull(anyText),
  feature: orNull(anyText),
  environment: anyText,
  personaId: orNull(uuid),
  modelId: fc.constantFrom('m1', 'm2'),
  provider: anyText,
  modelType: fc.constantFrom('system', 'org_default', 'user', 'catalog'),
  promptVersionId: orNull(uuid),
  experimentArm: orNull(anyText),
  priceId: orNull(uuid),
  route: fc.constant('chat_completions'),
});

const milliseconds = orNull(fc.double({ min: 0.001, max: 1e9, noNaN: true }));

const event: fc.Arbitrary<UsageEvent> = fc.record({
  dimensions,
  tokens: fc.record({
    input: amount,
    output: amount,
    cachedInput: amount,
    cacheWrite: amount,
    cacheWrite1h: amount,
    reasoning: amount,
  }),
  source: fc.constantFrom('provider', 'counted', 'estimated'),
  costNanoUsd: orNull(amount),
  providerCostNanoUsd: orNull(amount),
  status: fc.constantFrom('success', 'error', 'timeout', 'cancelled', 'denied'),
  errorCode: orNull(anyText),
  streamed: fc.boolean(),
  trial: fc.boolean(),
  retries: fc.nat({ max: 9 }),
  fallbackUsed: fc.boolean(),
  latencyMs: milliseconds,
  timeToFirstTokenMs: milliseconds,
  upstreamRequestId: orNull(anyText),
  tags: orNull(fc.dictionary(anyText, anyText, { maxKeys: 3, noNullPrototype: true })),
});

/** Any settlement or release at all. */
export const arbitraryEntry: fc.Arbitrary<SettlementEntry> = fc.oneof(
  fc
    .record({ hold, event, creditsUsed: amount, amounts: fc.array(amount, { minLength: 6, maxLength: 6 }) })
    .map(({ hold, event, creditsUsed, amounts }) => ({
      kind: 'settle' as const,
      request: { hold, used: amounts.slice(0, hold.legs.length), creditsUsed, event },
    })),
  fc.record({ kind: fc.constant('release' as const), hold, event }),
);
