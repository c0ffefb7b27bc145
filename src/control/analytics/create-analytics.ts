// Owns: the analytics domain put together. Not: its parts.

import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUsageRollUps, type UsageRollUps } from './roll-up.service.ts';
import { usageRoutes } from './usage.routes.ts';
import { createUsageService } from './usage.service.ts';

/** The domain: what is asked over HTTP, and what jobs run. */
export interface Analytics {
  readonly routes: readonly Route[];
  readonly rollUps: UsageRollUps;
}

/** Builds it over a pool as `weir_service`. */
export function createAnalytics(options: { readonly database: Database; readonly clock: Clock }): Analytics {
  const usage = createUsageService(options);
  return { routes: [...usageRoutes({ usage })], rollUps: createUsageRollUps(options) };
}
