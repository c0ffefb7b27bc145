// Owns: the routes that hand use out, and the report as JSON. Not: making either (usage-report.service.ts, usage-export.service.ts).

import type { z } from 'zod';
import { usageReportEndpoints, type usageReportSchema } from '../../contracts/analytics/usage-reports.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { UsageExportService } from './usage-export.service.ts';
import { toFilter } from './usage-filter.rules.ts';
import { changeJson, rowsJson, seriesJson, sumsJson } from './usage-json.rules.ts';
import type { ReportPart, UsageReport, UsageReportService } from './usage-report.service.ts';

type ReportJson = z.input<typeof usageReportSchema>;

/** All of them. */
export function usageReportRoutes(services: {
  readonly usageReports: UsageReportService;
  readonly usageExports: UsageExportService;
}): Route[] {
  const { usageReports, usageExports } = services;
  return [
    implement(usageReportEndpoints.report, async ({ caller, query }) => ({
      data: toJson(await usageReports.get(caller, query.month)),
    })),
    implement(usageReportEndpoints.export, async ({ caller, query }) => {
      const { period, from, to, detail, format } = query;
      const file = await usageExports.export(caller, { period, from, to, detail, format, filter: toFilter(query) });
      return reply.csv(file.name, file.text);
    }),
  ];
}

function toJson(report: UsageReport): ReportJson {
  const { range, parts, organization } = report;
  const { totals, previous } = parts.model;
  const part = (of: ReportPart): ReportJson['by_model'] => ({
    rows: rowsJson(of, { labels: of.labels, hasPrevious: true }),
    other: of.otherGroups === 0n ? null : sumsJson(of.other),
  });
  return {
    organization,
    month: report.month,
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    complete: report.isComplete,
    time_zone: 'UTC',
    generated_at: new Date(report.madeAtMs).toISOString(),
    totals: sumsJson(totals),
    comparison: {
      month: report.previousMonth,
      totals: sumsJson(previous),
      change_percent: changeJson(totals, previous),
    },
    by_department: part(parts.department),
    by_model: part(parts.model),
    by_user: part(parts.user),
    by_feature: part(parts.feature),
    by_day: seriesJson(parts.model.series, range),
  };
}
