// Owns: how many retries a provider's calls may cause: one for each five calls (20 %), so that retries never multiply an outage. Pure.
// Not: whether a failure is worth a retry (attempt-plan.ts).

/** A token bucket counted in calls. */
export interface RetryBudgetPolicy {
  /** Calls that earn one retry: 5 is 20 %. */
  readonly callsPerRetry: number;
  /** Retries that may be saved up; a new provider starts with them, so that its first failure can be retried. */
  readonly savedRetriesMost: number;
}

/** Calls that have been earned and not spent. */
export interface RetryBudgetState {
  readonly savedCalls: number;
}

/** A full bucket. */
export function newRetryBudget(policy: RetryBudgetPolicy): RetryBudgetState {
  return { savedCalls: policy.callsPerRetry * policy.savedRetriesMost };
}

/** Books a call that is no retry. */
export function earnRetry(state: RetryBudgetState, policy: RetryBudgetPolicy): RetryBudgetState {
  const most = policy.callsPerRetry * policy.savedRetriesMost;
  return state.savedCalls >= most ? state : { savedCalls: state.savedCalls + 1 };
}

/** Whether a retry is earned. */
export function canRetry(state: RetryBudgetState, policy: RetryBudgetPolicy): boolean {
  return state.savedCalls >= policy.callsPerRetry;
}

/** Books a retry; asked only when `canRetry`. */
export function spendRetry(state: RetryBudgetState, policy: RetryBudgetPolicy): RetryBudgetState {
  return { savedCalls: state.savedCalls - policy.callsPerRetry };
}
