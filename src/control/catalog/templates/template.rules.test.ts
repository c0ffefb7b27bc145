// Proves: the pure rules of templates: what must hold between fields, when a key is needed again, what differs, who would see one, and how near a limit is.

import { describe, expect, it } from 'vitest';
import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { templateId } from './template.rules.ts';
import { actOf, diffContents, summaryOf } from './template-change.rules.ts';
import { contentFaults, mergeContent, newContent, planKey, templateSlugOf } from './template-content.rules.ts';
import { whatIsLeft } from './template-offer.rules.ts';
import { hiddenReasons } from './template-targeting.rules.ts';
import { effectiveLimit, limitWindow, sinceDays, useOf } from './template-usage.rules.ts';

const plain = newContent({ name: 'Plain' }, 'gpt-4o-mini');
const DAY_MS = 86_400_000;

/** The code of what a rule throws, and the field it names. */
function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof WeirError ? [error.code, error.param] : error;
  }
}

it.each([
  ['Blog content writer', 'blog-content-writer'],
  ['Café Löwe & Söhne', 'cafe-lowe-sohne'],
  ['  --x--  ', 'x'],
  ['日本語', 'template'],
  ['a'.repeat(150), 'a'.repeat(100)],
])('the slug of %s is %s', (name, slug) => {
  expect(templateSlugOf(name)).toBe(slug);
});

describe('a new content', () => {
  it('is the default model’s unless a model or an endpoint is named', () => {
    const endpoint_base_url = 'https://models.example/v1/';
    expect(plain.model_id).toBe('gpt-4o-mini');
    expect(newContent({ name: 'X', model_id: 'other' }, 'gpt-4o-mini').model_id).toBe('other');
    expect(newContent({ name: 'X', endpoint_base_url }, 'gpt-4o-mini')).toMatchObject({
      ...{ model_id: null, endpoint_base_url: 'https://models.example/v1' },
    });
  });

  it('keeps what is left out when it is changed, and takes a null as said', () => {
    const limited = mergeContent(plain, { token_limit_period: 'daily', token_limit_amount: 5, role: undefined });
    expect(mergeContent(limited, { token_limit_period: null, token_limit_amount: null })).toEqual(plain);
  });
});

it.each<[string, Partial<TemplateContent>, string[]]>([
  ['nothing said', {}, []],
  ['a limit', { token_limit_period: 'weekly', token_limit_amount: 1 }, []],
  ['a period alone', { token_limit_period: 'weekly' }, ['token_limit_amount']],
  ['a trial for ever', { is_trial: true }, []],
  ['days of no trial', { trial_expires_days: 3 }, ['trial_expires_days']],
  ['an endpoint', { model_id: null, endpoint_base_url: 'https://a.example/v1', endpoint_model: 'm' }, []],
  ['an endpoint without its model', { endpoint_base_url: 'https://a.example' }, ['endpoint_model']],
  ['a model of no endpoint', { endpoint_model: 'm' }, ['endpoint_base_url']],
  ['an endpoint in the open', { endpoint_base_url: 'http://a.example', endpoint_model: 'm' }, ['endpoint_base_url']],
  [
    'a variable twice',
    {
      tasks: [
        {
          id: 'a',
          title: 'A',
          prompt: 'A',
          variables: ['x', 'x'].map((name) => ({ name, label: '', required: true })),
        },
      ],
    },
    ['tasks[0].variables'],
  ],
])('%s has the faults it has', (_name, fields, paths) => {
  expect(contentFaults({ ...plain, ...fields }).map(({ path }) => path)).toEqual(paths);
});

describe('the key of an endpoint', () => {
  const [here, there] = ['https://a.example', 'https://b.example'];
  it.each([
    ['stays where it is', { keptFor: here, baseUrl: `${here}/v2`, key: undefined }, { act: 'keep' }],
    ['does not move along', { keptFor: here, baseUrl: there, key: undefined }, ['invalid_request', 'endpoint_api_key']],
    ['moves when it is entered', { keptFor: here, baseUrl: there, key: 'k' }, { act: 'seal', key: 'k', origin: there }],
    ['goes with the endpoint', { keptFor: here, baseUrl: null, key: undefined }, { act: 'erase' }],
    ['is taken away', { keptFor: here, baseUrl: here, key: null }, { act: 'erase' }],
    ['is not needed where there is none', { keptFor: null, baseUrl: there, key: undefined }, { act: 'keep' }],
    ['needs an endpoint', { keptFor: null, baseUrl: null, key: 'k' }, ['invalid_request', 'endpoint_api_key']],
  ])('%s', (_name, options, outcome) => {
    expect(refusal(() => planKey(options))).toEqual(outcome);
  });
});

describe('what differs', () => {
  it('is found field by field, whatever the order of keys, and named in a line', () => {
    const changes = diffContents({ a: 1, b: { x: 1, y: [1, 2] }, c: null }, { a: 2, b: { y: [1, 2], x: 1 }, d: true });
    expect(changes).toEqual([
      { field: 'a', from: 1, to: 2 },
      { field: 'd', from: null, to: true },
    ]);
    expect(summaryOf(changes)).toBe('a, d');
    expect(summaryOf(Array.from({ length: 10 }, (_, n) => ({ field: `f${n}`, from: 0, to: 1 })))).toMatch(
      /f7 and 2 more$/,
    );
  });

  it.each([
    ['update', ['name']],
    ['update', ['is_active', 'name']],
    ['activate', ['is_active']],
    ['feature', ['is_featured']],
  ])('is the act %s', (act, fields) => {
    expect(actOf(fields.map((field) => ({ field, from: false, to: true })))).toBe(act);
  });
});

it.each<[string, Partial<Parameters<typeof hiddenReasons>[0]>, Partial<TemplateContent>, string[]]>([
  ['as it should be', {}, {}, []],
  ['switched off', { isSwitchedOff: true }, {}, ['switched_off']],
  ['at rest', {}, { is_active: false }, ['not_active']],
  ['for others', {}, { business_types: ['retail'] }, ['business_type']],
  ['for its type', {}, { business_types: ['retail', 'finance'] }, []],
  ['for a higher plan', { requiredLevel: 3 }, {}, ['plan']],
  ['not enabled, for a member', { isEnabledForUsers: false }, {}, ['not_enabled']],
  ['not enabled, for an admin', { isEnabledForUsers: false, as: 'admin' }, {}, []],
])('a template %s is hidden for just those reasons', (_name, options, fields, codes) => {
  const facts: Parameters<typeof hiddenReasons>[0] = {
    ...{ content: { ...plain, ...fields }, requiredLevel: 2, isEnabledForUsers: true, isSwitchedOff: false },
    ...{ as: 'member', organization: { businessType: 'finance', plan: 'pro', planLevel: 2 } },
    ...options,
  };
  expect(hiddenReasons(facts).map(({ code }) => code)).toEqual(codes);
});

it.each([
  [0n, 100, 0, 'none'],
  [49n, 100, 49, 'none'],
  [50n, 100, 50, 'notice'],
  [799n, 1_000, 79, 'notice'],
  [80n, 100, 80, 'warning'],
  [90n, 100, 90, 'high'],
  [999n, 1_000, 99, 'high'],
  [100n, 100, 100, 'exceeded'],
  [9_007_199_254_740_993n, 9_007_199_254_740_991, 100, 'exceeded'],
  [5n, null, null, 'none'],
] as const)('%s of %s is %s percent: %s', (used, limit, percent, level) => {
  expect(useOf(used, limit)).toEqual({ percent, level });
});

it('a person’s limit is the organization’s, else the template’s; a free template has none', () => {
  const limited = { is_free: false, token_limit_amount: 10 };
  expect(effectiveLimit(limited, 5)).toEqual({ tokens: 5, source: 'organization' });
  expect(effectiveLimit(limited, null)).toEqual({ tokens: 10, source: 'template' });
  expect(effectiveLimit({ ...limited, token_limit_amount: null }, null)).toEqual({ tokens: null, source: 'none' });
  expect(effectiveLimit({ ...limited, is_free: true }, 5)).toEqual({ tokens: null, source: 'none' });
});

it('windows are the ledger’s, and days of use end today', () => {
  const noon = Date.UTC(2026, 1, 18, 12);
  expect(limitWindow('weekly', noon).startMs).toBe(Date.UTC(2026, 1, 16));
  expect(limitWindow(null, noon)).toEqual({ startMs: Date.UTC(2026, 1, 1), endMs: Date.UTC(2026, 2, 1) });
  expect(sinceDays(noon, 7)).toEqual(new Date(Date.UTC(2026, 1, 12)));
});

it('a trial ends so many days after its first use, to the millisecond', () => {
  const content = { ...plain, is_trial: true, trial_expires_days: 7 };
  const reading = { used: 0n, held: 0n, resetsAt: new Date(0) };
  const facts = { content, limit: null, reading, unmetered: 0n, isSwitchedOff: false, isServed: true };
  const at = (nowMs: number) => whatIsLeft({ ...facts, trialStartedAt: new Date(0), nowMs }).unusable;
  expect([at(7 * DAY_MS - 1), at(7 * DAY_MS)]).toEqual([null, 'trial_ended']);
});

it.each(['0', '-1', '1.5', '01', 'x', '', '1'.repeat(16)])('%s is no number of a template', (text) => {
  expect(refusal(() => templateId(text))).toEqual(['not_found', undefined]);
});
