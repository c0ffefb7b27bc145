// Owns: the endpoints of the platform as a whole: use, settings, health, mail on its way. Not: people and organizations.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { mailStatuses } from '../enumerations.ts';
import { day } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { PLATFORM_ACTS } from './platform-roles.ts';
import { systemConfigChange, systemConfigKeys } from './system-config.ts';

const tag = 'Platform';
/** Days of one question of use. */
export const USAGE_DAYS_MAX = 92;

const sums = {
  requests: z.number().int(),
  errors: z.number().int().describe('Calls that ended in an error or timeout.'),
  denied: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  total_tokens: z.number().int(),
  cost_usd: z.string().describe('Charged, in US dollars.'),
  provider_cost_usd: z.string().describe('What providers ask for it.'),
  unpriced: z.number().int().describe('Calls whose model has no price: their cost is not in the sums.'),
} as const;
const usageSums = z.strictObject({ ...sums, organizations: z.number().int(), users: z.number().int() });

/** By what use is added up. */
export const usageGroups = z.enum(['day', 'organization', 'model', 'provider', 'status']);
export type UsageGroup = z.output<typeof usageGroups>;
/** How a call ended. */
const usageStatuses = z.enum(['success', 'error', 'timeout', 'cancelled', 'denied']);

const label = z.string().min(1).max(200);
const usageDay = day.describe('A day in UTC.');

export const systemUsageEndpoints = {
  get: defineEndpoint({
    operationId: 'getSystemUsage',
    method: 'GET',
    path: '/api/admin/usage',
    summary: 'Use of the whole platform, with the period before',
    tag,
    role: PLATFORM_ACTS['usage.read'],
    query: z.strictObject({
      from: usageDay.optional().describe('First day; left out: 29 days before `to`.'),
      to: usageDay.optional().describe('Last day; left out: today.'),
      group_by: usageGroups.default('day'),
      organization: z.uuid().optional(),
      model: label.optional(),
      provider: label.optional(),
      status: usageStatuses.optional(),
      limit: z.coerce
        .number()
        .int()
        .min(1)
        .max(100)
        .default(50)
        .describe('Rows at most, the dearest; every day of `day`.'),
    }),
    output: single(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        group_by: usageGroups,
        totals: usageSums,
        previous: z.strictObject({ from: z.string(), to: z.string(), totals: usageSums }),
        rows: z
          .array(z.strictObject({ key: z.string(), label: z.string(), ...sums }))
          .max(100)
          .describe('The key is the day, the id, or the name.'),
      }),
    ),
  }),
} as const;

const setting = z.strictObject({
  key: systemConfigKeys,
  value: z.boolean(),
  default: z.boolean(),
  description: z.string(),
  changed_by: z.uuid().nullable(),
  changed_at: z.iso.datetime().nullable().describe('Null: never, the default holds.'),
});

export const systemConfigEndpoints = {
  get: defineEndpoint({
    operationId: 'getSystemConfig',
    method: 'GET',
    path: '/api/admin/config',
    summary: 'Every setting of the platform with its default',
    tag,
    role: PLATFORM_ACTS['config.read'],
    output: single(z.array(setting).max(100)),
  }),
  update: defineEndpoint({
    operationId: 'updateSystemConfig',
    method: 'PUT',
    path: '/api/admin/config',
    summary: 'Change settings; in force everywhere within seconds, without a restart',
    description: 'What is left out stays; null goes back to the default.',
    tag,
    role: PLATFORM_ACTS['config.write'],
    impersonation: 'refused',
    body: systemConfigChange,
    output: single(z.array(setting).max(100)),
  }),
} as const;

const healthStatuses = z.enum(['ok', 'degraded', 'down']);

export const systemHealthEndpoints = {
  get: defineEndpoint({
    operationId: 'getSystemHealth',
    method: 'GET',
    path: '/api/admin/health',
    summary: 'How the platform is doing, part by part, and what to do',
    tag,
    role: PLATFORM_ACTS['health.read'],
    output: single(
      z.strictObject({
        status: healthStatuses.describe('The worst of the parts.'),
        parts: z
          .array(
            z.strictObject({
              name: z.string(),
              status: healthStatuses,
              detail: z.string(),
              remedy: z.string().nullable().describe('What to do; null when there is nothing.'),
            }),
          )
          .max(100),
        versions: z.strictObject({ weir: z.string(), node: z.string(), postgres: z.string() }),
        started_at: z.iso.datetime(),
        uptime_seconds: z.number().int(),
      }),
    ),
  }),
} as const;

const mailSummary = z.strictObject({
  id: z.uuid(),
  kind: z.string(),
  to: z.string(),
  subject: z.string(),
  status: mailStatuses,
  attempts: z.number().int(),
  last_error: z.string().nullable(),
  created_at: z.iso.datetime(),
  sent_at: z.iso.datetime().nullable(),
});

export const adminMailEndpoints = {
  list: defineEndpoint({
    operationId: 'listMail',
    method: 'GET',
    path: '/api/admin/mail',
    summary: 'Mail on its way, and kept where there is no mail server; newest first',
    tag,
    role: PLATFORM_ACTS['mail.read'],
    impersonation: 'refused',
    query: z.strictObject({ status: mailStatuses.optional(), ...pageParameters }),
    output: pageOf(mailSummary),
  }),
  get: defineEndpoint({
    operationId: 'getMail',
    method: 'GET',
    path: '/api/admin/mail/{id}',
    summary: 'One mail with its text; looking is recorded',
    description: 'The text may hold a link that signs in. That of a mail that was sent is gone.',
    tag,
    role: PLATFORM_ACTS['mail.read'],
    impersonation: 'refused',
    params: z.strictObject({ id: z.uuid() }),
    output: single(mailSummary.extend({ text: z.string(), html: z.string().nullable() })),
  }),
} as const;
