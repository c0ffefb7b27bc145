// Owns: the proof that retries stay within their share.

import { expect, test } from 'vitest';
import { canRetry, earnRetry, newRetryBudget, type RetryBudgetState, spendRetry } from './retry-budget.ts';

const policy = { callsPerRetry: 5, savedRetriesMost: 10 };

test('over any run of failing calls, retries stay at 20 % of the calls beyond what was saved', () => {
  let state: RetryBudgetState = newRetryBudget(policy);
  let retries = 0;
  for (let call = 0; call < 10_000; call += 1) {
    state = earnRetry(state, policy);
    if (!canRetry(state, policy)) continue;
    state = spendRetry(state, policy);
    retries += 1;
  }
  expect(retries).toBeLessThanOrEqual(10_000 / 5 + policy.savedRetriesMost);
  expect(retries).toBeGreaterThanOrEqual(10_000 / 5);
});

test('no more is saved than the most', () => {
  let state = newRetryBudget(policy);
  for (let call = 0; call < 1_000; call += 1) state = earnRetry(state, policy);
  expect(state).toEqual(newRetryBudget(policy));
});
