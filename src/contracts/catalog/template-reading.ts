// Owns: templates and what is said of them as JSON, for the endpoints of all scopes. Not: how they are written (template-fields.ts).

import { z } from 'zod';
import { planSlugs, templateScopes, tokenLimitPeriods } from '../enumerations.ts';
import { templateTaskSchema } from './template-fields.ts';

/** What everybody reads who may use it. */
export const templateFaceSchema = z.strictObject({
  id: z.number().int(),
  scope: templateScopes,
  name: z.string(),
  slug: z.string(),
  role: z.string(),
  description: z.string(),
  icon: z.string().nullable(),
  tasks: z.array(templateTaskSchema),
  tags: z.array(z.string()),
  sort_order: z.number().int(),
});

/** What who keeps it reads besides. */
export const ownTemplateSchema = templateFaceSchema.extend({
  system_message: z.string(),
  model_id: z.string().nullable(),
  endpoint_base_url: z.string().nullable(),
  endpoint_model: z.string().nullable(),
  endpoint_key_last_four: z.string().nullable(),
  max_tokens: z.number().int().nullable(),
  temperature: z.number().nullable(),
  parameters: z.record(z.string(), z.unknown()),
  is_active: z.boolean(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

/** A person's limit. */
export const tokenLimitSchema = z.strictObject({
  token_limit_period: tokenLimitPeriods.nullable(),
  token_limit_amount: z.number().int().nullable(),
});

/** A system template; what the caller may not read is null. */
export const systemTemplateSchema = ownTemplateSchema.extend({
  ...tokenLimitSchema.shape,
  system_message: z.string().nullable().describe('Null for members.'),
  business_types: z.array(z.string()),
  required_plan: planSlugs,
  is_free: z.boolean(),
  is_trial: z.boolean(),
  trial_expires_days: z.number().int().nullable(),
  is_featured: z.boolean(),
  is_enabled_for_users: z.boolean().optional().describe("In the caller's organization."),
  token_limit_per_user: z
    .number()
    .int()
    .nullable()
    .optional()
    .describe("The organization's own; null: the template's. For admins."),
  people_affected: z.number().int().optional().describe('Members whom switching it on or off concerns. For admins.'),
});

/** Somebody with an amount. */
export const personUseSchema = z.strictObject({ id: z.uuid(), name: z.string(), tokens: z.number().int() });
/** How many of them are shown. */
export const PEOPLE_SHOWN = 10;

/** How far a limit is used. */
export const warningLevels = z
  .enum(['none', 'notice', 'warning', 'high', 'exceeded'])
  .describe('`notice` from 50 %, `warning` from 80, `high` from 90, `exceeded` at 100.');
/** One of them. */
export type WarningLevel = z.infer<typeof warningLevels>;

/** The caller's use in the running window. */
export const templateUseSchema = z.strictObject({
  used: z.number().int(),
  held: z.number().int().describe('Set aside for calls under way.'),
  limit: z.number().int().nullable().describe('Null: no limit.'),
  period: tokenLimitPeriods,
  resets_at: z.iso.datetime(),
  percent: z.number().int().nullable().describe('Of the limit, rounded down.'),
  warning_level: warningLevels,
});
