// Owns: what must hold between a template's fields, the values of those that nothing is said of, and when an endpoint's key has to be entered again. Pure. Not: how
// each field may look (contracts).

import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import { type FieldError, invalidField } from '../../../contracts/problem.ts';
import { originOf } from '../../../database/secrets/secret-context.ts';
import { WeirError } from '../../../primitives/errors.ts';

/** A content as it is written: what is left out is undefined. */
export type TemplateDraft = { readonly [Field in keyof TemplateContent]?: TemplateContent[Field] | undefined };

const SLUG_LENGTH_MAX = 100;

/** What a template is when nothing is said. */
const DEFAULTS: Omit<TemplateContent, 'name' | 'slug' | 'model_id'> = {
  ...{ role: '', description: '', icon: null, system_message: '', tasks: [], max_tokens: null, temperature: null },
  ...{ endpoint_base_url: null, endpoint_model: null, parameters: {}, tags: [], is_active: true, sort_order: 0 },
  ...{ business_types: [], required_plan: 'free', token_limit_period: null, token_limit_amount: null },
  ...{ is_free: false, is_trial: false, trial_expires_days: null, is_featured: false },
};

/** A slug from a name: `Café Writer` gives `cafe-writer`; a name without Latin letters or digits gives `template`. */
export function templateSlugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_LENGTH_MAX)
    .replaceAll(/^-+|-+$/g, '');
  return slug === '' ? 'template' : slug;
}

/** A content with nothing left out: the rest from `base`. */
export function mergeContent(base: TemplateContent, draft: TemplateDraft): TemplateContent {
  const said = Object.entries(draft).filter(([field, value]) => field in base && value !== undefined);
  const merged = { ...base, ...(Object.fromEntries(said) as Partial<TemplateContent>) };
  const { endpoint_base_url: baseUrl } = merged;
  return baseUrl === null ? merged : { ...merged, endpoint_base_url: baseUrl.trim().replace(/\/+$/, '') };
}

/** A new template's content. Where neither a model nor an endpoint is named it is the default model's. */
export function newContent(
  draft: TemplateDraft & { readonly name: string },
  defaultModelId: string | null,
): TemplateContent {
  const hasEndpoint = draft.endpoint_base_url !== undefined && draft.endpoint_base_url !== null;
  const base = {
    ...DEFAULTS,
    name: draft.name,
    slug: templateSlugOf(draft.name),
    model_id: hasEndpoint ? null : defaultModelId,
  };
  return mergeContent(base, draft);
}

/** What does not hold between the fields, one entry a field. */
export function contentFaults(content: TemplateContent): FieldError[] {
  const faults: FieldError[] = [];
  const check = (holds: boolean, path: string, message: string): void => {
    if (!holds) faults.push({ path, message });
  };
  const { token_limit_period: period, token_limit_amount: amount, endpoint_base_url: baseUrl, tasks } = content;
  check(period !== null || amount === null, 'token_limit_period', 'is needed with token_limit_amount');
  check(amount !== null || period === null, 'token_limit_amount', 'is needed with token_limit_period');
  check(
    content.is_trial || content.trial_expires_days === null,
    'trial_expires_days',
    'is only for a trial: set is_trial',
  );
  check(content.model_id !== null || baseUrl !== null, 'model_id', 'is needed where there is no endpoint_base_url');
  check(baseUrl === null || content.endpoint_model !== null, 'endpoint_model', 'is needed with endpoint_base_url');
  check(baseUrl !== null || content.endpoint_model === null, 'endpoint_base_url', 'is needed with endpoint_model');
  if (baseUrl !== null) check(isPlainHttps(baseUrl), 'endpoint_base_url', 'is not a plain https address');
  tasks.forEach(({ id, variables }, place) => {
    check(tasks.findIndex((task) => task.id === id) === place, `tasks[${place}].id`, 'is the id of another task');
    const names = variables.map(({ name }) => name);
    check(new Set(names).size === names.length, `tasks[${place}].variables`, 'has a name twice');
  });
  return faults;
}

/** Without a query, which is where some services take their keys. */
function isPlainHttps(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  );
}

/** What becomes of the key of an endpoint. */
export type KeyPlan =
  | { readonly act: 'keep' | 'erase' }
  | { readonly act: 'seal'; readonly key: string; readonly origin: string };

/**
 * What becomes of a template's key when its endpoint is (now) at `baseUrl` and `key` was given: a text, null to take it away, undefined for nothing said. A key is
 * sent nowhere but where it was entered for: 400 naming `endpoint_api_key` when the endpoint moves without its key.
 */
export function planKey(options: {
  /** Where the key that is there may be sent; null: there is none. */
  readonly keptFor: string | null;
  readonly baseUrl: string | null;
  readonly key: string | null | undefined;
}): KeyPlan {
  const { keptFor, baseUrl, key } = options;
  const origin = baseUrl === null ? null : originOf(baseUrl);
  if (typeof key === 'string') {
    if (origin === null) throw invalidField('endpoint_api_key', 'is for an endpoint: name endpoint_base_url');
    return { act: 'seal', key, origin };
  }
  if (keptFor === null) return { act: 'keep' };
  if (key === null || origin === null) return { act: 'erase' };
  if (origin !== keptFor)
    throw invalidField(
      'endpoint_api_key',
      'is needed again: the endpoint moves to another host, and a key is sent only where it was entered for',
    );
  return { act: 'keep' };
}

/** 409 naming `slug`; the message goes on after it. */
export function slugTaken(message: string): WeirError {
  return new WeirError('conflict', {
    message: `The slug ${message}.`,
    param: 'slug',
    details: { errors: [{ path: 'slug', message }] },
  });
}
