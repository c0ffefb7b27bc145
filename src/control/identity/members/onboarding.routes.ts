// Owns: the routes of the onboarding wizard. Not: what is noted (onboarding.service.ts).

import { ONBOARDING_STEPS, type OnboardingJson, onboardingEndpoints } from '../../../contracts/identity/onboarding.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import type { OnboardingState } from './onboarding.queries.ts';
import type { OnboardingService } from './onboarding.service.ts';

/** All of them. */
export function onboardingRoutes({ onboarding }: { readonly onboarding: OnboardingService }): Route[] {
  const { get, update, complete } = onboardingEndpoints;
  return [
    implement(get, async ({ caller }) => ({ data: toJson(await onboarding.get(caller)) })),
    implement(update, async ({ caller, body }) => {
      const { current_step: currentStep, steps, organization_id: organizationId } = body;
      return { data: toJson(await onboarding.update(caller, { currentStep, steps, organizationId })) };
    }),
    implement(complete, async ({ caller }) => ({ data: toJson(await onboarding.complete(caller)) })),
  ];
}

/** Every step is told, also those that nobody has come to. */
function toJson({ current_step, steps, organization_id, completed_at }: OnboardingState): OnboardingJson {
  const told = Object.fromEntries(ONBOARDING_STEPS.map((step) => [step, steps[step] ?? 'pending']));
  return { current_step, steps: told as OnboardingJson['steps'], organization_id, completed_at };
}
