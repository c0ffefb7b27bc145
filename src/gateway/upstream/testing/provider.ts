// Owns: a provider's facts for tests, on any origin, with time limits that suit loopback. Not: any real provider.

import type { ProviderFacts } from '../../snapshot/facts.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from '../limits.ts';

/** Limits that fire soon, for tests in which a socket must really time out. */
export const TEST_LIMITS: UpstreamLimits = { ...DEFAULT_UPSTREAM_LIMITS, deadlineTickMs: 5 };

/** Time limits that no test waits for. */
const PATIENT_TIMEOUTS = { connectMs: 20_000, firstByteMs: 20_000, idleMs: 20_000, totalMs: 60_000 };

/** A provider at `baseUrl`. */
export function testProvider(
  baseUrl: string,
  {
    id = 'provider-1',
    timeouts = {},
    headers = {},
  }: { id?: string; timeouts?: Partial<ProviderFacts['timeouts']>; headers?: Record<string, string> } = {},
): ProviderFacts {
  // Facts grow with the catalog; the upstream side reads these alone.
  const read: Pick<ProviderFacts, 'id' | 'baseUrl' | 'headers' | 'timeouts'> = {
    id,
    baseUrl,
    headers,
    timeouts: { ...PATIENT_TIMEOUTS, ...timeouts },
  };
  return read as ProviderFacts;
}
