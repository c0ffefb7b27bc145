// Proves: every event that concerns people becomes the notification it should, texts say what they are of, and no event can stop the others.

import { describe, expect, test } from 'vitest';
import { NOTIFICATION_TYPES, type NotificationTypeName } from '../../contracts/notifications/notification-types.ts';
import { planOf, type UnhandledEvent } from './dispatch.rules.ts';
import { renderText } from './notification-text.rules.ts';

const ORGANIZATION = '00000000-0000-7000-8000-00000000000a';
const PERSON = '00000000-0000-7000-8000-0000000000b1';
const event = (name: string, properties: Record<string, unknown>): UnhandledEvent => ({
  ...{ id: 'e', name, properties, userId: PERSON, organizationId: ORGANIZATION },
});

const CASES: readonly [
  name: string,
  Record<string, unknown>,
  NotificationTypeName,
  title: string,
  userId: string | null,
][] = [
  [
    'budget_threshold_reached',
    {
      budget_id: 'b',
      name: 'Team',
      threshold: 0.8,
      spent_usd: 8.5,
      amount_usd: 10,
      window_start: '2026-02-01T00:00:00Z',
    },
    'budget_threshold',
    'Budget “Team” reached 80%',
    null,
  ],
  [
    'budget_breach_projected',
    { budget_id: 'b', name: 'Team', projected_usd: 12, amount_usd: 10, window_start: '2026-02-01T00:00:00Z' },
    'budget_forecast',
    'Budget “Team” will not last',
    null,
  ],
  ['credits_low', { credit_type: 'leads', balance: 2, allocated: 20 }, 'credits_low', 'Credits run low: leads', null],
  [
    'limit_request_decided',
    { request_id: 'r', requester_id: PERSON, kind: 'budget', decision: 'approved', until: '2026-03-01T00:00:00Z' },
    'limit_approved_until',
    'Your higher limit was approved until Mar 1, 2026',
    PERSON,
  ],
  [
    'limit_request_decided',
    { request_id: 'r', requester_id: PERSON, kind: 'budget', decision: 'denied', until: null },
    'limit_denied',
    'Your request for a higher limit was denied',
    PERSON,
  ],
  [
    'limits_renewed',
    { period: 'daily', template_ids: [1, 2] },
    'limits_renewed',
    'Your daily limit is whole again',
    PERSON,
  ],
  [
    'admin_model_access_granted',
    { model_id: 'gpt-4o', tier: 'premium', user_id: PERSON, source: 'admin_grant' },
    'access_granted',
    'You may use gpt-4o',
    PERSON,
  ],
  [
    'admin_model_access_granted',
    { model_id: 'gpt-4o', tier: 'premium', user_id: null, source: 'admin_grant' },
    'access_granted_organization',
    'Your organization may use gpt-4o',
    null,
  ],
  [
    'alert_fired',
    { alert_id: 'a', rule: 'disk', title: 'Full', detail: 'D.', value: 0.95, threshold: 0.9, scope_reference: null },
    'alert',
    'Full',
    null,
  ],
  [
    'organization_digest',
    {
      ...{ period: 'weekly', window_start: '2026-02-02T00:00:00Z', requests: 1234, tokens: 5, people: 3 },
      ...{ cost_usd: 1.5, previous_cost_usd: 0, top_model: null },
    },
    'weekly_digest',
    'Your week: 1,234 calls, $1.50',
    null,
  ],
];

test.each(CASES)('%s becomes %s', (name, properties, type, title, userId) => {
  const plan = planOf(event(name, properties));
  expect(plan).toMatchObject({ type, userId, organizationId: ORGANIZATION });
  expect(renderText(NOTIFICATION_TYPES[type].title, plan?.variables ?? {})).toBe(title);
  // Every variable of the text is there.
  expect(renderText(NOTIFICATION_TYPES[type].body, plan?.variables ?? {})).not.toMatch(/[{}]/);
});

test.each([
  ['nobody is told of', event('model_message_sent', {})],
  ['nobody knows', event('constructor', {})],
  ['is not of its own form', event('credits_low', { balance: 'many' })],
])('an event that %s is nothing', (_name, given) => {
  expect(planOf(given)).toBeNull();
});

describe('a text', () => {
  test.each([
    ['{a}', { a: 'two\nlines\u0007' }, 'two lines'],
    ['{a}', {}, '–'],
    ['{a, usd}', { a: 1234.5 }, '$1,234.50'],
    ['{a, usd}', { a: 0 }, '$0.00'],
    ['{a, usd}', { a: 0.0042399 }, '$0.0042'],
    ['{a, usd}', { a: 'much' }, '–'],
    ['{a, percent}', { a: 0.805 }, '80.5%'],
    ['{a, date}', { a: '2026-02-03T23:59:59Z' }, 'Feb 3, 2026'],
    ['{a, date}', { a: 'soon' }, '–'],
    ['{a, number}', { a: 1e6 }, '1,000,000'],
    ['by {a, one person, many people}', { a: 1 }, 'by 1 person'],
    ['by {a, one person, many people}', { a: 2_000 }, 'by 2,000 people'],
    ['{a} {b}', { a: '{b}', b: 'x' }, '{b} x'],
    ['{__proto__}', {}, '–'],
  ])('%s of %j is %s', (template, variables, expected) => {
    expect(renderText(template, variables)).toBe(expected);
  });

  test('is not filled by one long value', () => {
    expect(renderText('{a}', { a: 'x'.repeat(5_000) })).toHaveLength(300);
  });
});
