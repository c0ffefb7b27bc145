// Proves: the first failing rule names the answer, in the order of admission.md section 2.

import { expect, test } from 'vitest';
import {
  type CallerParts,
  NOON,
  sampleCaller,
  sampleFeature,
  sampleModel,
  sampleResolution,
  sampleTemplate,
} from '../testing/sample-facts.ts';
import { firstRefusal, RULES } from './rules.ts';

/** Faults in the order in which they are to be told; each case has its own fault and all that come after it. */
const FAULTS: readonly { readonly code: string; readonly caller?: CallerParts; readonly resolution?: object }[] = [
  { code: 'revoked_key', caller: { key: { revokedAtMs: 0 } } },
  { code: 'ip_not_allowed', caller: { key: { ipRanges: [] } } },
  { code: 'forbidden', caller: { key: { allowedRoutes: new Set() } } },
  { code: 'overloaded', caller: { switches: { gatewayReadOnly: true } } },
  { code: 'organization_suspended', caller: { organization: { status: 'suspended' } } },
  { code: 'member_paused', caller: { member: { status: 'paused' } } },
  { code: 'model_not_enabled', resolution: { model: sampleModel({ enabled: false, tier: 'premium' }) } },
  { code: 'model_not_found', resolution: { template: sampleTemplate({ businessTypes: new Set(['retail']) }) } },
  { code: 'feature_inactive', resolution: { feature: sampleFeature({ status: 'inactive' }) } },
  { code: 'model_locked', resolution: { model: sampleModel({ tier: 'premium' }) } },
];

test.each(FAULTS.map((fault, index) => ({ ...fault, index })))(
  '$code is told before all that come later',
  ({ code, index }) => {
    // Later faults first, so that where two set the same part the earlier one stands.
    const rest = FAULTS.slice(index).reverse();
    const caller = sampleCaller({
      key: Object.assign({}, ...rest.map((fault) => fault.caller?.key)),
      member: Object.assign({}, ...rest.map((fault) => fault.caller?.member)),
      organization: Object.assign({}, ...rest.map((fault) => fault.caller?.organization)),
      switches: Object.assign({}, ...rest.map((fault) => fault.caller?.switches)),
    });
    const resolution = sampleResolution(Object.assign({}, ...rest.map((fault) => fault.resolution)));
    const refusal = firstRefusal({
      caller,
      resolution,
      route: 'chat_completions',
      remoteAddress: '203.0.113.1',
      needs: ['chat'],
      nowMs: NOON,
    });
    expect(refusal?.code).toBe(code);
  },
);

test('a call without a fault is refused by none, and every rule has a name of its own', () => {
  const facts = { route: 'chat_completions', remoteAddress: '203.0.113.1', needs: ['chat'], nowMs: NOON };
  expect(firstRefusal({ caller: sampleCaller(), resolution: sampleResolution(), ...facts })).toBeNull();
  expect(new Set(RULES.map(({ name }) => name)).size).toBe(RULES.length);
});
