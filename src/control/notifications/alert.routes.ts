// Owns: the routes of alerts and their rules, and both as JSON. Not: what the acts do.

import type { z } from 'zod';
import { ALERT_RULES } from '../../contracts/notifications/alert-rules.ts';
import { alertEndpoints, type alertSchema } from '../../contracts/notifications/alerts.ts';
import { implement, type Route } from '../../contracts/route.ts';
import type { Alert } from './alert.queries.ts';
import type { AlertService } from './alert.service.ts';
import { titleOf } from './alert-evaluation.rules.ts';
import type { EffectiveRule } from './alert-rule.rules.ts';
import type { AlertRuleService, RuleChange } from './alert-rule.service.ts';

/** All of them. */
export function alertRoutes(services: {
  readonly alerts: AlertService;
  readonly alertRules: AlertRuleService;
}): Route[] {
  const { alerts, alertRules } = services;
  const endpoints = alertEndpoints;
  return [
    implement(endpoints.list, async ({ caller, query }) => pageJson(await alerts.listOwn(caller, query))),
    implement(endpoints.acknowledge, async ({ caller, params }) => ({
      data: alertJson(await alerts.acknowledgeOwn(caller, params.id)),
    })),
    implement(endpoints.listRules, async ({ caller }) => ({ data: (await alertRules.listOwn(caller)).map(ruleJson) })),
    implement(endpoints.updateRule, async ({ caller, params, body }) => ({
      data: ruleJson(await alertRules.updateOwn(caller, params.key, changeOf(body))),
    })),
    implement(endpoints.listAll, async ({ caller, query }) => {
      const { organization, scope, ...rest } = query;
      const organizationId = organization ?? (scope === 'platform' ? null : undefined);
      return pageJson(
        await alerts.listAll(caller, { ...rest, organizationId, isOfOrganizations: scope === 'organization' }),
      );
    }),
    implement(endpoints.acknowledgeAny, async ({ caller, params }) => ({
      data: alertJson(await alerts.acknowledgeAny(caller, params.id)),
    })),
    implement(endpoints.listPlatformRules, async ({ caller }) => ({
      data: (await alertRules.listPlatform(caller)).map(ruleJson),
    })),
    implement(endpoints.updatePlatformRule, async ({ caller, params, body }) => ({
      data: ruleJson(await alertRules.updatePlatform(caller, params.key, changeOf(body))),
    })),
  ];
}

function changeOf(body: z.output<typeof alertEndpoints.updateRule.body>): RuleChange {
  if (body.reset === true) return { reset: true };
  const { is_enabled: isEnabled, threshold, window_minutes: windowMinutes, channels } = body;
  return { isEnabled, threshold, windowMinutes, channels };
}

function pageJson({ items, nextCursor }: { readonly items: readonly Alert[]; readonly nextCursor: string | null }) {
  return { data: items.map(alertJson), next_cursor: nextCursor };
}

function alertJson(alert: Alert): z.input<typeof alertSchema> {
  const { id, rule, organizationId, organizationName, scope, scopeReference, budgetId } = alert;
  const { resolvedAt, acknowledgedAt, acknowledgedBy } = alert;
  return {
    ...{ id, rule, title: titleOf(rule), scope, scope_reference: scopeReference, budget_id: budgetId },
    organization:
      organizationId === null || organizationName === null ? null : { id: organizationId, name: organizationName },
    ...{ value: Number(alert.value), threshold: Number(alert.threshold), details: { ...alert.details } },
    status: resolvedAt !== null ? 'resolved' : acknowledgedAt !== null ? 'acknowledged' : 'open',
    ...{ fired_at: alert.firedAt.toISOString(), resolved_at: resolvedAt?.toISOString() ?? null },
    ...{ acknowledged_by: acknowledgedBy, acknowledged_at: acknowledgedAt?.toISOString() ?? null },
  };
}

function ruleJson(rule: EffectiveRule) {
  const { key, isEnabled, threshold, windowMinutes, channels, source, changedBy, changedAt } = rule;
  const { scope, title, description, unit, fires } = ALERT_RULES[key];
  return {
    ...{ key, scope, title, description, unit, fires, threshold, source },
    ...{ is_enabled: isEnabled, window_minutes: windowMinutes, channels: [...channels] },
    ...{ changed_by: changedBy, changed_at: changedAt?.toISOString() ?? null },
  };
}
