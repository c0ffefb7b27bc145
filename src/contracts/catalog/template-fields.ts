// Owns: what a template is made of and how each field may look, whoever's it is. Not: the endpoints, or what must hold between fields (template-content.rules.ts).

import { z } from 'zod';
import { planSlugs, tokenLimitPeriods } from '../enumerations.ts';

const TASKS_MAX = 50;
const VARIABLES_MAX = 30;
const TEXT_MAX = 50_000;
const PROMPT_MAX = 20_000;
const PARAMETERS_MAX = 30;
const PARAMETERS_LENGTH_MAX = 8_000;
/** Far above any real limit, and exact in JSON. */
const AMOUNT_MAX = 1_000_000_000_000_000;

/** Form of a template's slug, by which calls name it: `template:blog-content-writer`. */
const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$/;
const NAME_PATTERN = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** What the call itself says, or Weir steers: a template's parameters can't set it. */
const STEERED = new Set(['model', 'messages', 'input', 'stream', 'stream_options', 'n', 'system', 'metadata', 'user']);
const STEERED_LIMITS = new Set(['max_tokens', 'max_completion_tokens', 'temperature']);

const variable = z.strictObject({
  name: z.string().min(1).max(100).regex(NAME_PATTERN, 'needs letters, digits, _ . and -'),
  label: z.string().max(200),
  required: z.boolean(),
});
const namedVariable = variable.partial({ label: true, required: true });

const task = {
  id: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'needs letters, digits, _ . and -'),
  title: z.string().trim().min(1).max(200),
  prompt: z.string().min(1).max(PROMPT_MAX),
};

/** A task as it is stored and read. */
export const templateTaskSchema = z.strictObject({ ...task, variables: z.array(variable).max(VARIABLES_MAX) });

/** A task as it is written: a variable may be its name alone. */
const writtenTask = z.strictObject({
  ...task,
  variables: z
    .array(z.union([variable.shape.name, namedVariable]))
    .max(VARIABLES_MAX)
    .default([])
    .transform((variables) =>
      variables.map((each): z.output<typeof variable> => {
        const written: z.output<typeof namedVariable> = typeof each === 'string' ? { name: each } : each;
        const { name, label = name.replaceAll('_', ' '), required = true } = written;
        return { name, label, required };
      }),
    ),
});

const parameters = z
  .record(z.string().min(1).max(64), z.unknown())
  .refine((value) => Object.keys(value).length <= PARAMETERS_MAX, `has more than ${PARAMETERS_MAX} entries`)
  .refine((value) => JSON.stringify(value).length <= PARAMETERS_LENGTH_MAX, 'is too large')
  .refine(
    (value) => !Object.keys(value).some((key) => STEERED.has(key) || STEERED_LIMITS.has(key)),
    'sets what the call, max_tokens or temperature says',
  );

const tag = z.string().trim().min(1).max(50);
const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];

/** Every field of a template but its name and slug, with the value it has when nothing is said. */
export const ownTemplateFields = {
  role: z.string().trim().max(200).describe('Who it is: `Content writer`.'),
  description: z.string().max(2_000),
  icon: z.string().min(1).max(200).nullable(),
  system_message: z.string().max(TEXT_MAX),
  tasks: z.array(writtenTask).max(TASKS_MAX).describe('In order; ids are unique.'),
  model_id: z.string().min(1).max(100).nullable().describe("A model of the catalog. Left out: the platform's default."),
  endpoint_base_url: z
    .string()
    .min(1)
    .max(2_000)
    .nullable()
    .describe(
      "An OpenAI-compatible endpoint of its own in place of the model's provider; https, and never inside a network.",
    ),
  endpoint_model: z.string().trim().min(1).max(300).nullable().describe('What the endpoint calls the model.'),
  max_tokens: z.number().int().min(1).max(10_000_000).nullable().describe('The most output tokens of a call.'),
  temperature: z.number().min(0).max(2).nullable(),
  parameters: parameters.describe('Further parameters of a call, which it may override.'),
  tags: z.array(tag).max(20).transform(unique),
  is_active: z.boolean(),
  sort_order: z.number().int().min(-1_000_000).max(1_000_000),
} as const;

/** The limit of each person on it. */
export const limitFields = {
  token_limit_period: tokenLimitPeriods.nullable(),
  token_limit_amount: z.number().int().min(1).max(AMOUNT_MAX).nullable().describe('With its period, or not at all.'),
} as const;

/** What only a system template has. */
export const systemTemplateFields = {
  business_types: z
    .array(z.string().min(1).max(100))
    .max(100)
    .transform(unique)
    .describe('Which organizations it is for. Empty: all.'),
  required_plan: planSlugs.describe('The lowest plan that it is for.'),
  ...limitFields,
  is_free: z.boolean().describe('Costs nobody tokens of a quota or limit.'),
  is_trial: z.boolean(),
  trial_expires_days: z
    .number()
    .int()
    .min(1)
    .max(3_650)
    .nullable()
    .describe("Days from a person's first use; only with is_trial."),
  is_featured: z.boolean(),
} as const;

/** Name and slug, which every template has. */
export const templateNames = {
  name: z.string().trim().min(1).max(200),
  slug: z
    .string()
    .regex(SLUG_PATTERN, 'needs 1 to 100 of a-z, 0-9 and -, and no - at its ends')
    .describe('Calls name the template by it. Left out: made from the name.'),
} as const;

/** The endpoint's key, which goes in and never comes out. */
export const endpointKey = z
  .string()
  .trim()
  .min(1)
  .max(4_000)
  .regex(/^[\x21-\x7e]+$/, 'has characters that no key has')
  .nullable()
  .describe(
    'The key of the own endpoint; never readable. Needed again when the endpoint moves to another host. Null: takes it away.',
  );

/** A note to a change, for the list of revisions. */
export const changeSummary = z
  .string()
  .trim()
  .max(500)
  .describe('What was changed and why; left out, the fields are named.');

/** A template's content, whoever's it is: what revisions keep. Names are those of the table and of JSON. */
export const templateContentSchema = z.strictObject({
  ...templateNames,
  ...ownTemplateFields,
  ...systemTemplateFields,
});
/** It. */
export type TemplateContent = z.output<typeof templateContentSchema>;
/** A field of it. */
export type TemplateField = keyof TemplateContent;

/** A number in a path, as text: what is none names no template. */
export const templateParams = z.strictObject({ id: z.string().min(1).max(64).describe('Number of the template.') });
