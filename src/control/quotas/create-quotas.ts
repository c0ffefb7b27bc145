// Owns: putting the domain together: its routes. Not: when its upkeep runs (jobs), or any part of it.

import type { LimitInspector } from '../../contracts/quotas/limit-inspector.ts';
import type { Route } from '../../contracts/route.ts';
import { denialRoutes } from './denial.routes.ts';
import { createDenialService } from './denial.service.ts';
import { limitRoutes } from './limit.routes.ts';
import { createLimitService } from './limit.service.ts';
import { createLimitOverrideService } from './limit-override.service.ts';
import { limitOverrideRoutes, limitRequestRoutes } from './limit-request.routes.ts';
import { createLimitRequestService, type LimitRequestOptions } from './limit-request.service.ts';

/** What it is made of. */
export interface QuotaOptions extends LimitRequestOptions {
  /** What the gateway would decide: control never imports it. */
  readonly limits: LimitInspector;
}

/** Builds it. */
export function createQuotas(options: QuotaOptions): { readonly routes: readonly Route[] } {
  return {
    routes: [
      ...limitRoutes({ limits: createLimitService(options) }),
      ...limitRequestRoutes({ requests: createLimitRequestService(options) }),
      ...limitOverrideRoutes({ overrides: createLimitOverrideService(options) }),
      ...denialRoutes({ denials: createDenialService(options) }),
    ],
  };
}
