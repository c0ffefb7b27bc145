// Owns: which of a call's limits binds, and what follows for the call. Pure. Not: the limits themselves (the gateway).

import type { InspectedMeter, LimitInspection } from '../../contracts/quotas/limit-inspector.ts';

/** Room on a meter; null where nothing limits. Never below nothing. */
export function leftOf({ limit, used, held }: InspectedMeter): bigint | null {
  if (limit === null) return null;
  const left = limit - used - held;
  return left > 0n ? left : 0n;
}

/**
 * The meter that refuses calls of the size asked about: the first without room in the order of report, else the one that has room for the fewest of them. Meters
 * of different units compare by that alone. Undefined: nothing limits.
 */
export function bindingMeter(meters: readonly InspectedMeter[]): InspectedMeter | undefined {
  const refusing = meters.find(({ fits }) => !fits);
  if (refusing !== undefined) return refusing;
  let binding: { readonly meter: InspectedMeter; readonly calls: bigint } | undefined;
  for (const meter of meters) {
    const left = leftOf(meter);
    if (left === null || meter.mode === 'soft') continue;
    const calls = meter.asked > 0n ? left / meter.asked : left;
    if (binding === undefined || calls < binding.calls) binding = { meter, calls };
  }
  return binding?.meter;
}

/** What a call would be refused with: the first failing rule, else the first meter without room; null: it would pass. */
export function refusalOf({
  checks,
  meters,
}: Pick<LimitInspection, 'checks' | 'meters'>): { readonly code: string; readonly message: string } | null {
  const failing = checks.find(({ refusal }) => refusal !== null);
  return failing?.refusal ?? meters.find(({ fits }) => !fits)?.refusal ?? null;
}
