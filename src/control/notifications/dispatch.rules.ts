// Owns: which product event becomes which notification, for whom, of which variables. Not: the texts (contracts), or who those people are (dispatch.queries.ts).

import {
  NOTIFICATION_TYPES,
  type NotificationAudience,
  type NotificationTypeName,
} from '../../contracts/notifications/notification-types.ts';
import { PRODUCT_EVENTS, type ProductEventName } from '../../contracts/product-events.ts';

/** An event that nothing has reacted to yet. */
export interface UnhandledEvent {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly userId: string | null;
  readonly organizationId: string | null;
}

/** What is to be told. */
export interface NotificationPlan {
  readonly type: NotificationTypeName;
  readonly audience: NotificationAudience;
  /** The person, where the audience is one. */
  readonly userId: string | null;
  readonly organizationId: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Rule = (
  event: UnhandledEvent,
  properties: Readonly<Record<string, unknown>>,
) => { readonly type: NotificationTypeName; readonly userId?: string | null; readonly extra?: object };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Events that nobody is told of have no line here. */
const RULES: Readonly<Partial<Record<ProductEventName, Rule>>> = {
  budget_threshold_reached: () => ({ type: 'budget_threshold' }),
  budget_breach_projected: () => ({ type: 'budget_forecast' }),
  credits_low: () => ({ type: 'credits_low' }),
  credits_granted: () => ({ type: 'credits_granted' }),
  limit_requested: () => ({ type: 'limit_requested' }),
  limit_request_decided: (_, { requester_id: requester, decision, until }) => ({
    type: decision === 'denied' ? 'limit_denied' : until === null ? 'limit_approved' : 'limit_approved_until',
    userId: text(requester),
  }),
  limits_renewed: ({ userId }, { template_ids: ids }) => ({
    type: 'limits_renewed',
    userId,
    extra: { template_count: Array.isArray(ids) ? ids.length : 0 },
  }),
  admin_model_access_granted: (_, { user_id: userId }) =>
    userId === null ? { type: 'access_granted_organization' } : { type: 'access_granted', userId: text(userId) },
  alert_fired: () => ({ type: 'alert' }),
  organization_digest: (_, { period }) => ({ type: period === 'monthly' ? 'monthly_report' : 'weekly_digest' }),
};

/** What an event means for people; null: nothing. An event whose properties are not its own is nothing, too: it must not stop those after it. */
export function planOf(event: UnhandledEvent): NotificationPlan | null {
  const rule = Object.hasOwn(RULES, event.name) ? RULES[event.name as ProductEventName] : undefined;
  if (rule === undefined) return null;
  const parsed = PRODUCT_EVENTS[event.name as ProductEventName].safeParse(event.properties);
  if (!parsed.success) return null;
  const { type, userId = null, extra = {} } = rule(event, parsed.data);
  const { audience } = NOTIFICATION_TYPES[type];
  // Of no organization: a person's own, or, where admins are meant, the platform's superadmins.
  if (audience === 'person' && userId === null) return null;
  return {
    ...{ type, audience, organizationId: event.organizationId },
    userId: audience === 'person' ? userId : null,
    variables: { ...parsed.data, ...extra },
  };
}
