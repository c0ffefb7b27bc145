// Owns: the endpoints of alerts and their rules, for an organization's admins and for the platform. Not: the rules themselves (alert-rules.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { budgetScopes, notificationChannels } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { alertRuleKeys } from './alert-rules.ts';

const moment = z.iso.datetime();

/** An alert as it is read. */
export const alertSchema = z.strictObject({
  id: z.uuid(),
  rule: z.string(),
  title: z.string(),
  organization: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  scope: budgetScopes,
  scope_reference: z.string().nullable().describe('What it is about: a provider, model, job, budget or the like.'),
  budget_id: z.uuid().nullable(),
  value: z.number(),
  threshold: z.number(),
  details: z.record(z.string(), z.unknown()),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  fired_at: moment,
  resolved_at: moment.nullable(),
  acknowledged_by: z.uuid().nullable(),
  acknowledged_at: moment.nullable(),
});

/** Where the values of a rule come from. */
const sources = z.enum(['default', 'platform', 'organization']);

const ruleSchema = z.strictObject({
  key: alertRuleKeys,
  scope: z.enum(['organization', 'platform']),
  title: z.string(),
  description: z.string(),
  unit: z.string(),
  is_enabled: z.boolean(),
  fires: z.enum(['above', 'below']).describe('On which side of the threshold.'),
  threshold: z.number(),
  window_minutes: z.number().int(),
  channels: z.array(notificationChannels),
  source: sources.describe('Whose values hold.'),
  changed_by: z.uuid().nullable(),
  changed_at: moment.nullable(),
});

/** A week. */
const WINDOW_MAX = 10_080;
const THRESHOLD_MAX = 1_000_000_000;
const change = z
  .strictObject({
    is_enabled: z.boolean().optional(),
    threshold: z.number().min(0).max(THRESHOLD_MAX).optional(),
    window_minutes: z.number().int().min(1).max(WINDOW_MAX).optional(),
    channels: z.array(notificationChannels).max(3).optional(),
    reset: z.literal(true).optional().describe('Back to what holds without this change; alone.'),
  })
  .refine((given) => given.reset === undefined || Object.keys(given).length === 1, {
    path: ['reset'],
    error: 'stands alone: going back and changing are two acts',
  });

const filters = {
  status: z.enum(['open', 'acknowledged', 'resolved']).optional(),
  rule: z.string().min(1).max(200).optional(),
  from: instant.optional().describe('Fired at or after.'),
  to: instant.optional().describe('Fired before.'),
  ...pageParameters,
};
const byId = z.strictObject({ id: z.uuid() });
const byKey = z.strictObject({ key: alertRuleKeys });
const admin = { tag: 'Alerts', role: 'admin', permission: 'alerts.manage' } as const;
const platform = { tag: 'Alerts', role: 'superadmin' } as const;
const rules = single(z.array(ruleSchema).max(100));

export const alertEndpoints = {
  list: defineEndpoint({
    ...admin,
    operationId: 'listAlerts',
    method: 'GET',
    path: '/api/alerts',
    summary: 'Alerts of the organization, newest first',
    query: z.strictObject(filters),
    output: pageOf(alertSchema),
  }),
  acknowledge: defineEndpoint({
    ...admin,
    operationId: 'acknowledgeAlert',
    method: 'POST',
    path: '/api/alerts/{id}/acknowledge',
    summary: 'Say that somebody has seen an alert; done twice, the first stays',
    params: byId,
    output: single(alertSchema),
  }),
  listRules: defineEndpoint({
    ...admin,
    operationId: 'listOrganizationAlertRules',
    method: 'GET',
    path: '/api/alert-rules',
    summary: 'The rules of the organization’s alerts as they hold',
    output: rules,
  }),
  updateRule: defineEndpoint({
    ...admin,
    operationId: 'updateOrganizationAlertRule',
    method: 'PUT',
    path: '/api/alert-rules/{key}',
    summary: 'Change a rule for the organization; what is left out stays',
    params: byKey,
    body: change,
    output: single(ruleSchema),
  }),
  listAll: defineEndpoint({
    ...platform,
    operationId: 'listPlatformAlerts',
    method: 'GET',
    path: '/api/admin/alerts',
    summary: 'Alerts of the platform and of every organization, newest first',
    query: z.strictObject({
      organization: z.uuid().optional(),
      scope: z.enum(['platform', 'organization']).optional().describe('Of the platform itself, or of organizations.'),
      ...filters,
    }),
    output: pageOf(alertSchema),
  }),
  acknowledgeAny: defineEndpoint({
    ...platform,
    operationId: 'acknowledgePlatformAlert',
    method: 'POST',
    path: '/api/admin/alerts/{id}/acknowledge',
    summary: 'Say that somebody has seen an alert, of the platform or of an organization',
    impersonation: 'refused',
    params: byId,
    output: single(alertSchema),
  }),
  listPlatformRules: defineEndpoint({
    ...platform,
    operationId: 'listAlertRules',
    method: 'GET',
    path: '/api/admin/alert-rules',
    summary: 'Every rule of alerts as it holds where no organization has changed it',
    output: rules,
  }),
  updatePlatformRule: defineEndpoint({
    ...platform,
    operationId: 'updateAlertRule',
    method: 'PUT',
    path: '/api/admin/alert-rules/{key}',
    summary: 'Change a rule for the platform, and for organizations that have not changed it themselves',
    impersonation: 'refused',
    params: byKey,
    body: change,
    output: single(ruleSchema),
  }),
} as const;
