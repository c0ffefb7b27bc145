// Owns: the analytics domain put together. Not: its parts.

import type { UseRecorder } from '../../contracts/analytics/use-recorder.ts';
import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { impactRoutes } from './impact/impact.routes.ts';
import { createImpactService } from './impact/impact.service.ts';
import { usageRoutes } from './usage.routes.ts';
import { createUsageService } from './usage.service.ts';
import { usageEventRoutes } from './usage-event.routes.ts';
import { createUsageEventService } from './usage-event.service.ts';
import { createUsageExportService } from './usage-export.service.ts';
import { createUsageRecordService } from './usage-record.service.ts';
import { usageReportRoutes } from './usage-report.routes.ts';
import { createUsageReportService } from './usage-report.service.ts';

/** Builds its routes over a pool as `weir_service`. */
export function createAnalytics(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  /** The gateway's, which books what was made elsewhere. */
  readonly recorder: UseRecorder;
  readonly clock: Clock;
  readonly random: Random;
}): Route[] {
  return [
    ...usageRoutes({ usage: createUsageService(options) }),
    ...usageEventRoutes({
      usageEvents: createUsageEventService(options),
      usageRecords: createUsageRecordService(options),
    }),
    ...usageReportRoutes({
      usageReports: createUsageReportService(options),
      usageExports: createUsageExportService(options),
    }),
    ...impactRoutes({ impact: createImpactService(options) }),
  ];
}
