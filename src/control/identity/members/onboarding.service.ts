// Owns: noting where a person is in the onboarding wizard, and ending it. Not: the acts of its steps, which are other services'.

import type { Caller } from '../../../contracts/caller.ts';
import {
  ONBOARDING_STEPS,
  type OnboardingStep,
  type OnboardingStepStatus,
} from '../../../contracts/identity/onboarding.ts';
import type { Database } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { unknownReference } from './member.rules.ts';
import { getOnboardingState, isMember, type OnboardingState, updateOnboardingState } from './onboarding.queries.ts';

/** What the wizard notes. */
export interface OnboardingChange {
  readonly currentStep?: OnboardingStep | undefined;
  readonly steps?: Partial<Record<OnboardingStep, OnboardingStepStatus>> | undefined;
  readonly organizationId?: string | null | undefined;
}

/** The acts, each on the caller's own state. */
export interface OnboardingService {
  get(caller: Caller): Promise<OnboardingState>;
  /** 404 naming `organization_id` for one that is not theirs. */
  update(caller: Caller, change: OnboardingChange): Promise<OnboardingState>;
  /** Steps that are open count as skipped. 409 while they belong to no organization. Repeated: the first time counts. */
  complete(caller: Caller): Promise<OnboardingState>;
}

/** Over the given database. */
export function createOnboardingService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): OnboardingService {
  const { database, clock } = options;
  return {
    get: (caller) =>
      withPrincipal(database, caller, (tx) => getOnboardingState(tx, caller.userId, { isLocked: false })),

    update: (caller, { currentStep, steps, organizationId }) =>
      withPrincipal(database, caller, async (tx) => {
        if (typeof organizationId === 'string' && !(await isMember(tx, caller.userId, organizationId)))
          throw unknownReference('organization_id', 'organization');
        const before = await getOnboardingState(tx, caller.userId, { isLocked: true });
        const after = {
          ...before,
          current_step: currentStep ?? before.current_step,
          steps: { ...before.steps, ...steps },
          organization_id: organizationId === undefined ? before.organization_id : organizationId,
        };
        await updateOnboardingState(tx, caller.userId, after);
        return after;
      }),

    complete: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getOnboardingState(tx, caller.userId, { isLocked: true });
        if (before.completed_at !== null) return before;
        if (!(await isMember(tx, caller.userId, null)))
          throw new WeirError('conflict', {
            message: 'Make an organization or join one first.',
            details: { reason: 'no_organization' },
          });
        const skipped = ONBOARDING_STEPS.filter((step) => (before.steps[step] ?? 'pending') === 'pending');
        const after = {
          ...before,
          steps: { ...before.steps, ...Object.fromEntries(skipped.map((step) => [step, 'skipped' as const])) },
          completed_at: new Date(clock.nowMs()).toISOString(),
        };
        await updateOnboardingState(tx, caller.userId, after);
        return after;
      }),
  };
}
