// Owns: putting the services of this domain together. Not: any of them.

import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { modelOfferRoutes } from './model-offer.routes.ts';
import { createModelOfferService, type ModelOfferService } from './model-offer.service.ts';
import { preferenceRoutes } from './model-preference.routes.ts';
import { createModelPreferenceService } from './model-preference.service.ts';
import { createModelSelectionService, type ModelSelectionService } from './model-selection.service.ts';
import { createProfileService } from './profile.service.ts';

/** What a person may use, ready to be mounted. */
export interface Entitlements {
  readonly routes: readonly Route[];
  /** Which model serves as a persona: what the catalog lists with personas. */
  readonly selection: ModelSelectionService;
  /** What models there are for a person. */
  readonly offers: ModelOfferService;
}

/** Builds it. */
export function createEntitlements(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
}): Entitlements {
  const { database, audit, events, clock } = options;
  const offers = createModelOfferService({ database, clock });
  const profiles = createProfileService({ database, audit });
  const preferences = createModelPreferenceService({ database, audit, events, clock });
  return {
    routes: [...modelOfferRoutes({ offers }), ...preferenceRoutes({ profiles, preferences })],
    offers,
    selection: createModelSelectionService({ database, clock }),
  };
}
