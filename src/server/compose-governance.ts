// Owns: building the domains that govern use (catalog, entitlements, quotas, credits, budgets, chat, analytics, notifications), one line a domain. Not: people and
// platform administration (compose-control.ts), or any route.

import type { Route } from '../contracts/route.ts';
import type { Audit } from '../control/audit/index.ts';
import { type CheckOutboundUrl, createPersonaService, createTemplates, personaRoutes } from '../control/catalog/index.ts';
import { createCredits } from '../control/credits/index.ts';
import { createEntitlements } from '../control/entitlements/index.ts';
import { createEvents } from '../control/events/index.ts';
import type { Database } from '../database/pool.ts';
import type { SecretBox } from '../database/secrets/secret-box.ts';
import type { Clock } from '../primitives/clock.ts';
import type { Random } from '../primitives/random.ts';

/** What they are made of. */
export interface GovernanceOptions {
  /** A pool as `weir_service`: a request of a person takes their role for its transaction. */
  readonly database: Database;
  readonly audit: Audit;
  readonly secrets: SecretBox;
  /** Judges an address that a tenant names. */
  readonly checkUrl: CheckOutboundUrl;
  readonly clock: Clock;
  readonly random: Random;
}

/** The domains, ready to be mounted. */
export interface Governance {
  readonly routes: readonly Route[];
}

/** Builds them. */
export function composeGovernance(options: GovernanceOptions): Governance {
  const { database, audit, secrets, checkUrl, clock, random } = options;
  const events = createEvents({ clock, random });
  const parts = { database, audit, events, clock, random };
  const entitlements = createEntitlements(parts);
  const personas = createPersonaService({ ...parts, models: entitlements.selection });
  return {
    routes: [
      ...entitlements.routes,
      ...personaRoutes({ personas }),
      ...createTemplates({ ...parts, secrets, checkUrl }),
      ...createCredits(parts).routes,
    ],
  };
}
