// Owns: what the counters of each meter are called. The gateway books under these names, the control plane reads by them. Not: a meter's limit (the gateway's
// meters.ts) or its window (window.ts).

/** A person in an organization, or, with `userId` null, all its service keys together: a new key is no new person. */
export interface MeterSubject {
  readonly organizationId: string;
  readonly userId: string | null;
}

const subjectOf = ({ organizationId, userId }: MeterSubject): string =>
  userId === null ? `service:${organizationId}` : `user:${organizationId}:${userId}`;

/** How a template's limit renews. */
export type TemplateLimitPeriod = 'daily' | 'weekly' | 'monthly';
/** How a budget renews. */
export type BudgetPeriod = TemplateLimitPeriod | 'quarterly';

/** The window of each period. */
export const PERIOD_WINDOWS = { daily: 'day', weekly: 'week', monthly: 'month', quarterly: 'quarter' } as const;

/** The names, one function a meter of `admission.md` section 3. */
export const meterKeys = {
  /** Tokens in the calendar month. */
  organizationQuota: (organizationId: string): string => `organization:${organizationId}:tokens`,
  /** Tokens in the period; null counts by the month. */
  templateLimit: (templateId: string, subject: MeterSubject, period: TemplateLimitPeriod | null): string =>
    `template:${templateId}:${subjectOf(subject)}:tokens:${period ?? 'monthly'}`,
  /** Messages in the day. */
  dailyMessages: (modelId: string, subject: MeterSubject): string => `model:${modelId}:${subjectOf(subject)}:messages`,
  /** Messages for ever, of a person in whatever organization: another organization is no new trial. */
  trialMessages: (modelId: string, subject: MeterSubject): string =>
    `trial:${modelId}:${subject.userId === null ? subjectOf(subject) : `user:${subject.userId}`}:messages`,
  /** Messages for ever; the counter's birth is the first use. */
  templateTrial: (templateId: string, subject: MeterSubject): string =>
    `template_trial:${templateId}:${subjectOf(subject)}:messages`,
  /** Credits in the organization's 30 days. */
  creditUse: (organizationId: string, creditType: string): string => `credits:${organizationId}:${creditType}`,
  /** Nano-USD in the period. */
  budget: (budgetId: string, period: BudgetPeriod): string => `budget:${budgetId}:nano_usd:${period}`,
  /** Requests or tokens in the minute. */
  keyRate: (keyId: string, unit: 'requests' | 'tokens'): string => `key:${keyId}:${unit}`,
} as const;
