// Owns: the routes of the platform as a whole: use, settings, health, mail. Not: what they tell.

import {
  adminMailEndpoints,
  systemConfigEndpoints,
  systemHealthEndpoints,
  systemUsageEndpoints,
} from '../../contracts/platform/system.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { AdminMailService } from './admin-mail.service.ts';
import type { MailSummary } from './platform-mail.ts';
import type { Setting, SystemConfigService } from './system-config.service.ts';
import type { SystemHealthService } from './system-health.service.ts';
import type { UsageSums, UsageTotals } from './system-usage.queries.ts';
import type { SystemUsageService } from './system-usage.service.ts';

/** What the routes call. */
export interface SystemServices {
  readonly systemUsage: SystemUsageService;
  readonly systemConfig: SystemConfigService;
  readonly systemHealth: SystemHealthService;
  readonly adminMail: AdminMailService;
}

/** All of them. */
export function systemRoutes({ systemUsage, systemConfig, systemHealth, adminMail }: SystemServices): Route[] {
  return [
    implement(systemUsageEndpoints.get, async ({ caller, query }) => {
      const { group_by: group, organization: organizationId, ...rest } = query;
      const { days, totals, previous, rows } = await systemUsage.get(caller, { ...rest, group, organizationId });
      return {
        data: {
          ...{ from: days.from, to: days.to, group_by: group, totals: totalsJson(totals) },
          previous: { from: days.previous.from, to: days.previous.to, totals: totalsJson(previous) },
          rows: rows.map(({ key, label, ...sums }) => ({ key, label, ...sumsJson(sums) })),
        },
      };
    }),
    implement(systemConfigEndpoints.get, async ({ caller }) => ({
      data: (await systemConfig.list(caller)).map(settingJson),
    })),
    implement(systemConfigEndpoints.update, async ({ caller, body }) => ({
      data: (await systemConfig.update(caller, body)).map(settingJson),
    })),
    implement(systemHealthEndpoints.get, async () => {
      const { status, parts, versions, startedAt, uptimeSeconds } = await systemHealth.get();
      const started_at = startedAt.toISOString();
      return { data: { status, parts: [...parts], versions, started_at, uptime_seconds: uptimeSeconds } };
    }),
    implement(adminMailEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await adminMail.list(caller, query);
      return { data: items.map(mailJson), next_cursor: nextCursor };
    }),
    implement(adminMailEndpoints.get, async ({ caller, params }) => {
      const mail = await adminMail.get(caller, params.id);
      return { data: { ...mailJson(mail), text: mail.text, html: mail.html } };
    }),
  ];
}

function sumsJson(sums: UsageSums) {
  const [input, output] = [Number(sums.inputTokens), Number(sums.outputTokens)];
  return {
    ...{ requests: Number(sums.requests), errors: Number(sums.errors), denied: Number(sums.denied) },
    ...{ input_tokens: input, output_tokens: output, total_tokens: input + output },
    ...{ cost_usd: formatUsd(sums.costNanoUsd), provider_cost_usd: formatUsd(sums.providerCostNanoUsd) },
    unpriced: Number(sums.unpriced),
  };
}

function totalsJson(totals: UsageTotals) {
  return { ...sumsJson(totals), organizations: Number(totals.organizations), users: Number(totals.users) };
}

function settingJson(setting: Setting) {
  const { key, value, description, changedBy, changedAt } = setting;
  return {
    ...{ key, value, default: setting.default, description },
    ...{ changed_by: changedBy, changed_at: changedAt?.toISOString() ?? null },
  };
}

function mailJson(mail: MailSummary) {
  const { id, kind, to, subject, status, attempts } = mail;
  return {
    ...{ id, kind, to, subject, status, attempts, last_error: mail.lastError },
    ...{ created_at: mail.createdAt.toISOString(), sent_at: mail.sentAt?.toISOString() ?? null },
  };
}
