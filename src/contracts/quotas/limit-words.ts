// Owns: amounts, units and targets of limits as answers and bodies write them. Not: the endpoints that use them.

import { z } from 'zod';

/** An amount in an answer: a count, or US dollars as a decimal text. */
export const limitAmount = z
  .union([z.number(), z.string()])
  .describe('Counts are numbers (text beyond 2^53); of unit `usd` a decimal text, exact to nine places.');

/** What is counted. */
export const limitUnits = z.enum(['tokens', 'messages', 'requests', 'credits', 'usd']);
export type LimitUnit = z.output<typeof limitUnits>;

/** An amount in a body; its kind says what it is of. */
export const askedAmount = z
  .union([z.string().max(40), z.number()])
  .describe(
    'The whole limit, not what is added: whole tokens or messages; of a budget US dollars, at most nine decimal places.',
  );

/** Why, in somebody's own words. */
export const reasonText = z.string().trim().min(1).max(2_000);

/** A template by its id, as a number or a text. */
export const templateReference = z.union([
  z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  z.string().regex(/^[1-9]\d{0,15}$/, 'needs to be the id of a template'),
]);

/** A model by its id. */
export const modelReference = z.string().min(1).max(127);
