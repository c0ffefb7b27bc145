// Owns: what can be proposed to an impact preview: another limit, plan, price or model. Not: the endpoints and the answer (impact.ts).

import { z } from 'zod';
import { newPriceSchema } from '../catalog/model-prices.ts';
import { budgetEnforcements, budgetPeriods, budgetScopes, planSlugs, tokenLimitPeriods } from '../enumerations.ts';

const amount = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const modelId = z.string().trim().min(1).max(127);
const usdAmount = z
  .union([z.string().max(40), z.number()])
  .describe('US dollars, more than 0: a decimal text with at most nine places, or a number.');

const templateId = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('Id of the template.');
const organizationLimit = z.strictObject({
  kind: z.literal('template_limit'),
  template_id: templateId,
  tokens: amount.min(1).nullable().describe('For each person. Null: the template’s own limit.'),
});
const templateLimit = z.strictObject({
  kind: z.literal('template_limit'),
  template_id: templateId,
  tokens: amount.min(1).nullable().describe('The template’s own, for each person. Null: none.'),
  period: tokenLimitPeriods.optional().describe('Left out: as it is, or monthly.'),
});
const organizationQuota = z.strictObject({
  kind: z.literal('organization_quota'),
  tokens: amount.nullable().describe('Of the organization in a month. Null: the plan’s.'),
});
const planQuota = z.strictObject({
  kind: z.literal('plan_quota'),
  plan: planSlugs,
  tokens: amount.nullable().describe('In a month, of organizations without a quota of their own. Null: unlimited.'),
});
const dailyMessages = z.strictObject({
  kind: z.literal('daily_messages'),
  model_id: modelId,
  messages: amount.min(1).nullable().describe('Of each person in a day. Null: unlimited.'),
});
const budget = z.strictObject({
  kind: z.literal('budget'),
  budget_id: z.uuid().optional().describe('One that there is: what is left out stays as it is. Left out: a new one.'),
  scope: budgetScopes.optional().describe('Of a new one.'),
  reference: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe('Of a new one: id of the department, person or key; id or name of the feature.'),
  amount_usd: usdAmount,
  period: budgetPeriods.optional().describe('Left out: as it is, or monthly.'),
  enforcement: budgetEnforcements.optional().describe('Left out: as it is, or `hard`. `soft` blocks nobody.'),
  rollover: z.boolean().optional(),
});
const plan = z.strictObject({ kind: z.literal('plan'), plan: planSlugs });
const price = z.strictObject({ kind: z.literal('price'), model_id: modelId, price: newPriceSchema });
const modelSwitch = z.strictObject({
  kind: z.literal('model_switch'),
  from_model_id: modelId,
  to_model_id: modelId.describe('Answers in its place, with as many tokens.'),
});

/** What either may propose. */
const ofEverybody = [organizationQuota, dailyMessages, budget, plan, price, modelSwitch] as const;
/** What an organization's admins propose for it. */
export const organizationProposal = z.discriminatedUnion('kind', [organizationLimit, ...ofEverybody]);
/** What superadmins propose. */
export const platformProposal = z.discriminatedUnion('kind', [templateLimit, planQuota, ...ofEverybody]);

/** Either's. */
export type ImpactProposal = z.output<typeof organizationProposal> | z.output<typeof platformProposal>;
const kinds = [
  'template_limit',
  'organization_quota',
  'plan_quota',
  'daily_messages',
  'budget',
  'plan',
  'price',
] as const;
/** What kind it is of. */
export const proposalKinds = z.enum([...kinds, 'model_switch']);
