// Owns: the endpoints and the stored form of a person's way through the onboarding wizard. Not: the acts of its steps, which have endpoints of their own.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';

/** The wizard's steps, in order. */
export const ONBOARDING_STEPS = [
  'organization',
  'business_type',
  'domain',
  'team',
  'provider_key',
  'plan',
  'budget',
  'notifications',
  'first_key',
  'first_call',
] as const;

const step = z.enum(ONBOARDING_STEPS);
/** A step of the wizard. */
export type OnboardingStep = z.infer<typeof step>;
const stepStatus = z.enum(['pending', 'done', 'skipped']);
/** How far a step is. */
export type OnboardingStepStatus = z.infer<typeof stepStatus>;

/** Where somebody is in the wizard. Whatever is missing has its default, so that states of older forms can be read. */
export const onboardingState = z.object({
  current_step: step.default('organization'),
  steps: z.partialRecord(step, stepStatus).default({}),
  organization_id: z.uuid().nullable().default(null),
  completed_at: z.iso.datetime().nullable().default(null),
});

const onboardingSchema = z.strictObject({
  current_step: step,
  steps: z.record(step, stepStatus),
  organization_id: z.uuid().nullable().describe('The organization that is being set up.'),
  completed_at: z.iso.datetime().nullable(),
});
/** The wizard as it is answered. */
export type OnboardingJson = z.input<typeof onboardingSchema>;

const user = { tag: 'Onboarding', role: 'user' } as const;

export const onboardingEndpoints = {
  get: defineEndpoint({
    ...user,
    operationId: 'getOnboarding',
    method: 'GET',
    path: '/api/onboarding',
    summary: 'Where the caller is in the onboarding wizard',
    output: single(onboardingSchema),
  }),
  update: defineEndpoint({
    ...user,
    operationId: 'updateOnboarding',
    method: 'PUT',
    path: '/api/onboarding',
    summary: 'Note how far the wizard is; steps left out stay',
    body: z.strictObject({
      current_step: step.optional(),
      steps: z.partialRecord(step, stepStatus).optional(),
      organization_id: z.uuid().nullable().optional(),
    }),
    output: single(onboardingSchema),
  }),
  complete: defineEndpoint({
    ...user,
    operationId: 'completeOnboarding',
    method: 'POST',
    path: '/api/onboarding/complete',
    summary: 'End the wizard; steps that are still open count as skipped',
    output: single(onboardingSchema),
    errors: ['conflict'],
  }),
} as const;
