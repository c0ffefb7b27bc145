// Owns: the routes of a person's profile and preferences, as JSON. Not: what the acts do (profile.service.ts, model-preference.service.ts).

import type { z } from 'zod';
import { preferenceEndpoints, type profileSchema } from '../../contracts/entitlements/preferences.ts';
import { entityTag } from '../../contracts/entity-tag.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { ModelPreferenceService } from './model-preference.service.ts';
import type { Profile } from './profile.queries.ts';
import type { ProfileService } from './profile.service.ts';

/** All of them. */
export function preferenceRoutes(services: {
  readonly profiles: ProfileService;
  readonly preferences: ModelPreferenceService;
}): Route[] {
  const { profiles, preferences } = services;
  const { getProfile, updateProfile, updatePreferences } = preferenceEndpoints;
  return [
    implement(getProfile, async ({ caller }) => answer(await profiles.get(caller))),
    implement(updateProfile, async ({ caller, body, ifMatch }) => answer(await profiles.update(caller, body, ifMatch))),
    implement(updatePreferences, async ({ caller, body }) => {
      const { defaultModelId, personaOverrides } = await preferences.update(caller, body);
      return { success: true as const, data: { defaultModelId, personaOverrides } };
    }),
  ];
}

const answer = (profile: Profile) => reply.tagged({ data: toJson(profile) }, entityTag(profile.version));

function toJson({ version: _, updatedAt, ...profile }: Profile): z.input<typeof profileSchema> {
  return { ...profile, updatedAt: updatedAt.toISOString() };
}
