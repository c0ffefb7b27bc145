// Owns: every type of notification: whom it is for, what it is about, its text in English. Not: when one is made (control/notifications), or how it is delivered.

import { z } from 'zod';

/** Who is told: the person the event is about, whoever administers its organization, or the platform's superadmins where it is of no organization. */
export type NotificationAudience = 'person' | 'admins';

interface NotificationType {
  readonly group: 'budgets' | 'credits' | 'limits' | 'access' | 'alerts' | 'reports';
  /** What a person chooses by. */
  readonly description: string;
  readonly audience: NotificationAudience;
  /** With variables in braces: `{name}`, `{share, percent}`, `{amount, usd}`, `{at, date}`, `{count, number}`, `{count, one call, many calls}`. */
  readonly title: string;
  readonly body: string;
}

/** The types. A new one is an entry here and a line in the domain that makes it. */
export const NOTIFICATION_TYPES = {
  budget_threshold: {
    group: 'budgets',
    description: 'A budget reaches one of its thresholds',
    audience: 'admins',
    title: 'Budget “{name}” reached {threshold, percent}',
    body: '{spent_usd, usd} of {amount_usd, usd} are spent in the period that began on {window_start, date}.',
  },
  budget_forecast: {
    group: 'budgets',
    description: 'A budget will not last to the end of its period',
    audience: 'admins',
    title: 'Budget “{name}” will not last',
    body: 'At this pace {projected_usd, usd} will be spent by the end of the period; the budget is {amount_usd, usd}.',
  },
  credits_low: {
    group: 'credits',
    description: 'Credits run low',
    audience: 'admins',
    title: 'Credits run low: {credit_type}',
    body: '{balance, number} of {allocated, number} credits are left until the next allocation.',
  },
  credits_granted: {
    group: 'credits',
    description: 'Credits were added',
    audience: 'admins',
    title: '{amount, one credit was, many credits were} added: {credit_type}',
    body: 'They can be used at once.',
  },
  limit_requested: {
    group: 'limits',
    description: 'Somebody asks for a higher limit',
    audience: 'admins',
    title: 'A higher limit is asked for',
    body: 'A member asks for {requested, number} ({kind}). Approve or deny it under limits.',
  },
  limit_approved: {
    group: 'limits',
    description: 'Your request for a higher limit is decided',
    audience: 'person',
    title: 'Your higher limit was approved',
    body: 'It holds from now on ({kind}).',
  },
  limit_approved_until: {
    group: 'limits',
    description: 'Your request for a higher limit is approved for a while',
    audience: 'person',
    title: 'Your higher limit was approved until {until, date}',
    body: 'It holds from now on ({kind}) and ends by itself.',
  },
  limit_denied: {
    group: 'limits',
    description: 'Your request for a higher limit is denied',
    audience: 'person',
    title: 'Your request for a higher limit was denied',
    body: 'The limit stays as it is ({kind}). Ask an admin of your organization why.',
  },
  limits_renewed: {
    group: 'limits',
    description: 'A limit you had nearly used up is whole again',
    audience: 'person',
    title: 'Your {period} limit is whole again',
    body: '{template_count, one template, many templates} can be used in full again.',
  },
  access_granted: {
    group: 'access',
    description: 'You may use another model',
    audience: 'person',
    title: 'You may use {model_id}',
    body: 'The model was unlocked for you. It works at once.',
  },
  access_granted_organization: {
    group: 'access',
    description: 'Your organization may use another model',
    audience: 'admins',
    title: 'Your organization may use {model_id}',
    body: 'The model was unlocked for everybody in your organization.',
  },
  alert: {
    group: 'alerts',
    description: 'An alert fires',
    audience: 'admins',
    title: '{title}',
    body: '{detail} Measured: {value, number}; the threshold is {threshold, number}.',
  },
  weekly_digest: {
    group: 'reports',
    description: 'The week in figures',
    audience: 'admins',
    title: 'Your week: {requests, one call, many calls}, {cost_usd, usd}',
    body: '{tokens, number} tokens by {people, one person, many people} in the week from {window_start, date}; the week before it was {previous_cost_usd, usd}. Most used: {top_model}.',
  },
  monthly_report: {
    group: 'reports',
    description: 'The month in figures',
    audience: 'admins',
    title: 'Your month: {requests, one call, many calls}, {cost_usd, usd}',
    body: '{tokens, number} tokens by {people, one person, many people} in the month from {window_start, date}; the month before it was {previous_cost_usd, usd}. Most used: {top_model}.',
  },
} as const satisfies Record<string, NotificationType>;

/** The name of a type. */
export type NotificationTypeName = keyof typeof NOTIFICATION_TYPES;
/** All names, in the table's order. */
export const notificationTypes = z.enum(
  Object.keys(NOTIFICATION_TYPES) as [NotificationTypeName, ...NotificationTypeName[]],
);
