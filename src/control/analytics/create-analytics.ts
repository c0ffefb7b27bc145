// Owns: the analytics domain put together. Not: its parts.

import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Audit } from '../audit/index.ts';
import { createUsageRollUps, type UsageRollUps } from './roll-up.service.ts';
import { usageRoutes } from './usage.routes.ts';
import { createUsageService } from './usage.service.ts';
import { usageEventRoutes } from './usage-event.routes.ts';
import { createUsageEventService } from './usage-event.service.ts';
import { createUsageExportService } from './usage-export.service.ts';
import { usageReportRoutes } from './usage-report.routes.ts';
import { createUsageReportService } from './usage-report.service.ts';

/** The domain: what is asked over HTTP, and what jobs run. */
export interface Analytics {
  readonly routes: readonly Route[];
  readonly rollUps: UsageRollUps;
}

/** Builds it over a pool as `weir_service`. */
export function createAnalytics(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
}): Analytics {
  return {
    routes: [
      ...usageRoutes({ usage: createUsageService(options) }),
      ...usageEventRoutes({ usageEvents: createUsageEventService(options) }),
      ...usageReportRoutes({
        usageReports: createUsageReportService(options),
        usageExports: createUsageExportService(options),
      }),
    ],
    rollUps: createUsageRollUps(options),
  };
}
