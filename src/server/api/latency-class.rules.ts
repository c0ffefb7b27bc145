// Owns: which endpoint's requests are timed in which class. Not: the classes (contracts), or the timing (mount-routes.ts).

import { usageEndpoints } from '../../contracts/analytics/usage.ts';
import { usageEventEndpoints } from '../../contracts/analytics/usage-events.ts';
import { usageReportEndpoints } from '../../contracts/analytics/usage-reports.ts';
import { adminBudgetEndpoints } from '../../contracts/budgets/admin-budgets.ts';
import { budgetEndpoints } from '../../contracts/budgets/budgets.ts';
import { creditBalanceEndpoints } from '../../contracts/credits/balance.ts';
import type { Endpoint } from '../../contracts/endpoint.ts';
import type { LatencyClass } from '../../contracts/notifications/latency-classes.ts';
import { systemUsageEndpoints } from '../../contracts/platform/system.ts';
import { EVENT_STREAM } from '../../contracts/route.ts';

/** What dashboards are drawn from: use, and budgets as they stand. */
const DASHBOARDS: ReadonlySet<string> = new Set(
  [
    ...Object.values(usageEndpoints),
    ...[usageEventEndpoints.list, usageEventEndpoints.get, usageReportEndpoints.report],
    ...[budgetEndpoints.status, budgetEndpoints.forecast, budgetEndpoints.report],
    ...[adminBudgetEndpoints.status, adminBudgetEndpoints.forecast],
    ...Object.values(systemUsageEndpoints),
  ].map(({ operationId }) => operationId),
);

/** The class of a request with its checked body; null: not timed, because it takes as long as there is something to stream. */
export function latencyClassOf(
  { operationId, produces }: Pick<Endpoint, 'operationId' | 'produces'>,
  body: unknown,
): LatencyClass | null {
  if (produces === EVENT_STREAM) return null;
  if (operationId === creditBalanceEndpoints.check.operationId)
    return (body as { action?: unknown }).action === 'check' ? 'credit_check' : 'credit_deduct';
  if (operationId === creditBalanceEndpoints.stats.operationId) return 'credit_stats';
  return DASHBOARDS.has(operationId) ? 'dashboard' : 'api';
}
