// Owns: every product event by name with its typed properties: what later domains react to and product analytics is told. Not: storing them (control/events).

import { z } from 'zod';

const id = z.string().max(200);
const money = z.number();
const count = z.number().int();
const instant = z.string().max(40);

/** What an admin did to a model or template. */
const adminModel = z.strictObject({
  model_id: id,
  tier: z.string().max(20).optional(),
  source: z.string().max(40).optional(),
});
const template = z.strictObject({ template_id: count, slug: id });

/** Properties by name. A new event is one line here; the name is noun first, then what happened. */
export const PRODUCT_EVENTS = {
  // Models and choices
  model_selected: z.strictObject({
    model_id: id,
    persona_id: id.nullable(),
    is_default: z.boolean(),
    is_override: z.boolean(),
    is_trial: z.boolean(),
  }),
  model_preference_saved: z.strictObject({ model_id: id.nullable(), persona_ids: z.array(id).max(200) }),
  model_message_sent: z.strictObject({
    model_id: id,
    persona_id: id.nullable(),
    is_default: z.boolean(),
    is_override: z.boolean(),
    is_trial: z.boolean(),
  }),
  model_trial_started: z.strictObject({ model_id: id, messages_remaining: count }),
  model_trial_message_used: z.strictObject({ model_id: id, messages_remaining: count }),
  model_trial_expired_prompt: z.strictObject({ model_id: id, price_cents: count.nullable() }),
  /** Null: not known any more. A template's limit is in tokens, and its `model_id` is what was asked for. */
  model_rate_limit_hit: z.strictObject({ model_id: id, limit: count.nullable(), resets_at: instant.nullable() }),
  model_purchase_initiated: z.strictObject({ model_id: id, price_cents: count, source: id }),
  model_purchase_completed: z.strictObject({ model_id: id, price_cents: count, source: id }),
  admin_model_created: adminModel,
  admin_model_updated: adminModel,
  admin_model_priced: adminModel,
  admin_model_deleted: adminModel,
  admin_model_enabled: adminModel,
  admin_model_disabled: adminModel,
  admin_model_access_granted: z.strictObject({
    model_id: id,
    tier: z.string().max(20),
    user_id: id.nullable(),
    organization_id: id.nullable().optional(),
    source: id,
  }),
  admin_model_access_revoked: z.strictObject({
    model_id: id,
    user_id: id.nullable(),
    organization_id: id.nullable().optional(),
  }),
  /** A call whose model has no price: its cost is not known, and in no sum. */
  usage_unpriced: z.strictObject({ event_id: id, model_id: id, provider: id }),
  // Templates
  template_created: template,
  template_updated: template,
  template_activated: template,
  template_deactivated: template,
  template_deleted: template,
  template_enabled_for_users: z.strictObject({ template_id: count, slug: id, people_affected: count }),
  template_disabled_for_users: z.strictObject({ template_id: count, slug: id, people_affected: count }),
  template_limit_set: z.strictObject({ template_id: count, slug: id, token_limit_per_user: count.nullable() }),
  // Credits
  credits_granted: z.strictObject({ credit_type: id, amount: count, source: id }),
  credits_deducted: z.strictObject({
    credit_type: id,
    amount: count,
    feature: id.nullable(),
    remaining: count.nullable(),
  }),
  credits_refunded: z.strictObject({ credit_type: id, amount: count }),
  credits_expired: z.strictObject({ credit_type: id, amount: count }),
  credits_low: z.strictObject({ credit_type: id, balance: count, allocated: count }),
  // Budgets and limits
  budget_created: z.strictObject({ budget_id: id, scope: id, period: id, amount_usd: money }),
  budget_threshold_reached: z.strictObject({
    budget_id: id,
    name: z.string().max(200),
    threshold: z.number(),
    spent_usd: money,
    amount_usd: money,
    window_start: instant,
    is_test: z.boolean().optional(),
  }),
  budget_breach_projected: z.strictObject({
    budget_id: id,
    name: z.string().max(200),
    projected_usd: money,
    amount_usd: money,
    window_start: instant,
  }),
  limit_requested: z.strictObject({ request_id: id, kind: id, requested: z.number() }),
  limit_request_decided: z.strictObject({
    request_id: id,
    requester_id: id,
    kind: id,
    decision: z.enum(['approved', 'denied']),
    until: instant.nullable(),
  }),
  limits_renewed: z.strictObject({
    period: z.enum(['daily', 'weekly', 'monthly']),
    template_ids: z.array(count).max(1_000),
  }),
  // Alerts and reports
  alert_fired: z.strictObject({
    alert_id: id,
    rule: id,
    title: z.string().max(200),
    detail: z.string().max(1_000),
    value: z.number(),
    threshold: z.number(),
    scope_reference: id.nullable(),
  }),
  organization_digest: z.strictObject({
    period: z.enum(['weekly', 'monthly']),
    window_start: instant,
    requests: count,
    tokens: count,
    people: count,
    cost_usd: money,
    previous_cost_usd: money,
    top_model: id.nullable(),
  }),
} as const satisfies Record<string, z.ZodType>;

/** The name of a product event. */
export type ProductEventName = keyof typeof PRODUCT_EVENTS;
/** Its properties. */
export type ProductEventProperties<Name extends ProductEventName> = z.output<(typeof PRODUCT_EVENTS)[Name]>;

/** What usage events say of calls: the view `weir.product_events` tells these, and nobody records them. */
type CallEventName = Extract<
  ProductEventName,
  | 'model_message_sent'
  | 'model_trial_started'
  | 'model_trial_message_used'
  | 'model_trial_expired_prompt'
  | 'model_rate_limit_hit'
>;
/** The name of an event that a domain tells of in the transaction of its act. */
export type RecordedEventName = Exclude<ProductEventName, CallEventName>;

/** Every name. */
export const PRODUCT_EVENT_NAMES = Object.keys(PRODUCT_EVENTS) as [ProductEventName, ...ProductEventName[]];
