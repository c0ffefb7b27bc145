// Owns: the endpoints of a person's profile and of which models serve them. Not: the models (models.ts) or onboarding (identity/onboarding.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { themes } from '../enumerations.ts';

/** Overrides of one person at most. */
const OVERRIDES_MAX = 200;
const modelId = z.string().min(1).max(200);

/** Persona id to model id. */
const overridesChange = z
  .record(z.string().min(1).max(100), modelId.nullable())
  .refine((overrides) => Object.keys(overrides).length <= OVERRIDES_MAX, `needs at most ${OVERRIDES_MAX} personas`);

const preferencesSchema = z.strictObject({
  defaultModelId: z.string().nullable(),
  personaOverrides: z.record(z.string(), z.string()).describe('Persona id to model id.'),
});

/** A person’s profile as they see it. */
export const profileSchema = z.strictObject({
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  displayName: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  locale: z.string(),
  theme: themes,
  timeZone: z.string(),
  ...preferencesSchema.shape,
  updatedAt: z.iso.datetime(),
});

const own = { tag: 'Profile', role: 'member' } as const;

export const preferenceEndpoints = {
  getProfile: defineEndpoint({
    ...own,
    operationId: 'getProfile',
    method: 'GET',
    path: '/api/profile',
    summary: 'The caller’s own profile and preferences',
    output: single(profileSchema),
  }),
  updateProfile: defineEndpoint({
    ...own,
    operationId: 'updateProfile',
    method: 'PATCH',
    path: '/api/profile',
    summary: 'Change one’s own profile; what is left out stays',
    description: 'Takes `If-Match`.',
    body: z.strictObject({
      displayName: z.string().trim().min(1).max(200).nullable().optional(),
      avatarUrl: z.httpUrl().max(2_000).nullable().optional(),
      locale: z
        .string()
        .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'needs a language tag such as en or pt-BR')
        .optional(),
      theme: themes.optional(),
      timeZone: z.string().min(1).max(100).describe('Of the IANA data base: `Europe/Berlin`.').optional(),
    }),
    output: single(profileSchema),
    errors: ['stale'],
  }),
  updatePreferences: defineEndpoint({
    ...own,
    operationId: 'updateModelPreferences',
    method: 'PATCH',
    path: '/api/profile/model-preferences',
    summary: 'Choose the default model, and models for personas; what is left out stays',
    description:
      'Null clears the default, one override, or with `personaOverrides: null` all of them. A model that is not enabled is 400, one that is locked for the caller 403.',
    body: z.strictObject({
      defaultModelId: modelId.nullable().optional(),
      personaOverrides: overridesChange.nullable().optional(),
    }),
    output: z.strictObject({ success: z.literal(true), data: preferencesSchema }),
    errors: ['model_not_enabled', 'model_locked'],
  }),
} as const;
