// Owns: the endpoints by which an organization's admin switches system templates on for its people and sets their limit. Not: the templates (system-models.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { tokenLimitPeriods } from '../enumerations.ts';
import { queryFlag } from '../paging.ts';
import { limitFields, templateParams } from './template-fields.ts';
import { personUseSchema } from './template-reading.ts';

const base = {
  tag: 'System templates',
  role: 'admin',
  permission: 'system_templates.configure',
  method: 'POST',
  params: templateParams,
} as const;
const query = z.strictObject({
  dry_run: queryFlag.default(false).describe('Says what it would do, and does nothing.'),
});
const done = { template_id: z.number().int(), slug: z.string(), dry_run: z.boolean(), changed: z.boolean() } as const;

const switchedSchema = z.strictObject({
  ...done,
  is_enabled_for_users: z.boolean(),
  people_affected: z
    .number()
    .int()
    .describe('Members who gain or lose it; 0 when nothing changes. Admins may use it in any case.'),
  people_with_use: z.number().int().describe('Of all, who used it in the last 30 days.'),
  people: z.array(personUseSchema).describe('Who used it most in the last 30 days.'),
});

const limitSchema = z.strictObject({
  ...done,
  token_limit_per_user: z.number().int().nullable(),
  impact: z.strictObject({
    period: tokenLimitPeriods,
    window_start: z.iso.datetime(),
    resets_at: z.iso.datetime(),
    current_limit: z.number().int().nullable().describe('In force before; null: none.'),
    proposed_limit: z.number().int().nullable().describe("In force after: the template's where none is set."),
    people_above: z
      .number()
      .int()
      .describe('Who has used as much as the proposed limit or more, and is blocked until the window ends.'),
    people: z.array(personUseSchema).describe('Who of them used most.'),
    service_keys_above: z.boolean().describe('Whether the keys of no person, which count together, have.'),
  }),
});

export const systemModelSettingEndpoints = {
  enable: defineEndpoint({
    ...base,
    operationId: 'enableSystemModel',
    path: '/api/system-models/{id}/enable',
    summary: 'Switch a system template on for the people of the organization',
    query,
    output: single(switchedSchema),
  }),
  disable: defineEndpoint({
    ...base,
    operationId: 'disableSystemModel',
    path: '/api/system-models/{id}/disable',
    summary: 'Switch it off for them',
    query,
    output: single(switchedSchema),
  }),
  setLimit: defineEndpoint({
    ...base,
    operationId: 'setSystemModelLimit',
    path: '/api/system-models/{id}/set-limit',
    summary: 'Set how many tokens each person has on it in its period; null: the template’s own limit',
    query,
    body: z.strictObject({
      token_limit_per_user: limitFields.token_limit_amount.describe("At most the organization's monthly quota."),
    }),
    output: single(limitSchema),
  }),
} as const;
