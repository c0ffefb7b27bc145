// Owns: building the domains that govern use (catalog, entitlements, quotas, credits, budgets, chat, analytics, notifications), one line a domain. Not: people and
// platform administration (compose-control.ts), or any route.

import type { UseRecorder } from '../../contracts/analytics/use-recorder.ts';
import type { ChatPipeline } from '../../contracts/chat/chat-pipeline.ts';
import type { LimitInspector } from '../../contracts/quotas/limit-inspector.ts';
import type { Route } from '../../contracts/route.ts';
import { createAnalytics } from '../../control/analytics/index.ts';
import type { Audit } from '../../control/audit/index.ts';
import { createPurchaseService, purchaseRoutes } from '../../control/billing/index.ts';
import { type Budgets, createBudgets } from '../../control/budgets/index.ts';
import {
  type CheckOutboundUrl,
  createModelAdministration,
  createPersonaService,
  createTemplates,
  personaRoutes,
} from '../../control/catalog/index.ts';
import { createChat } from '../../control/chat/index.ts';
import { type Credits, createCredits } from '../../control/credits/index.ts';
import { createEntitlements, createGrantService, grantRoutes } from '../../control/entitlements/index.ts';
import { createEventStream, createEvents, eventStreamRoutes } from '../../control/events/index.ts';
import { createNotifications, type Notifications } from '../../control/notifications/index.ts';
import { createQuotas } from '../../control/quotas/index.ts';
import type { Database } from '../../database/pool.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { createPriceLibrary } from '../price-library.ts';

/** What they are made of. */
export interface GovernanceOptions {
  /** A pool as `weir_service`: a request of a person takes their role for its transaction. */
  readonly database: Database;
  readonly audit: Audit;
  readonly secrets: SecretBox;
  /** Judges an address that a tenant names. */
  readonly checkUrl: CheckOutboundUrl;
  /** The gateway's pipeline for people who are signed in. */
  readonly chatPipeline: ChatPipeline;
  /** What the gateway would decide. */
  readonly limits: LimitInspector;
  /** The gateway's, for calls that were made elsewhere. */
  readonly useRecorder: UseRecorder;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (error: unknown) => void;
}

/** The domains, ready to be mounted. */
export interface Governance {
  readonly routes: readonly Route[];
  readonly budgets: Pick<Budgets, 'checkThresholds' | 'checkBudgets'>;
  readonly credits: Pick<Credits, 'refreshDue' | 'expireLots' | 'warnLow'>;
  readonly notifications: Omit<Notifications, 'routes'>;
}

/** Builds them. */
export function composeGovernance(options: GovernanceOptions): Governance {
  const { database, audit, secrets, checkUrl, clock, random, onFault } = options;
  const events = createEvents({ clock, random });
  const parts = { database, audit, events, clock, random };
  const entitlements = createEntitlements(parts);
  const personas = createPersonaService({ ...parts, models: entitlements.selection });
  const credits = createCredits(parts);
  const budgets = createBudgets(parts);
  const notifications = createNotifications({ ...parts, onFault });
  return {
    routes: [
      ...entitlements.routes,
      ...personaRoutes({ personas }),
      ...createModelAdministration({ ...parts, library: createPriceLibrary() }),
      ...grantRoutes({ grants: createGrantService(parts) }),
      ...createTemplates({ ...parts, secrets, checkUrl }),
      ...createQuotas({ ...parts, limits: options.limits }).routes,
      ...credits.routes,
      ...budgets.routes,
      ...createChat({ ...parts, pipeline: options.chatPipeline, onFault }).routes,
      ...createAnalytics({ ...parts, recorder: options.useRecorder }),
      ...purchaseRoutes({ purchases: createPurchaseService(parts) }),
      ...eventStreamRoutes({ stream: createEventStream(parts) }),
      ...notifications.routes,
    ],
    ...{ budgets, credits, notifications },
  };
}
