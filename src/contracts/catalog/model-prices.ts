// Owns: the endpoints of a model's dated prices, and of prices proposed from a price library. Not: the model (admin-models.ts), or what a call costs.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { priceSources } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** Exact in nano-USD: no float ever carries a price. */
const usdInput = z
  .string()
  .max(20)
  .regex(/^\d{1,9}(\.\d{1,9})?$/, 'is no amount of US dollars of 0 or more with at most nine places')
  .describe('US dollars as a decimal: `"0.15"`.');
const usd = z.string().describe('US dollars, a decimal.');
const tokens = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** A price as superadmins enter it. */
export const newPriceSchema = z.strictObject({
  inputUsdPerMillion: usdInput,
  outputUsdPerMillion: usdInput,
  cachedInputUsdPerMillion: usdInput.nullable().optional().describe('Null or left out: as input.'),
  cacheWriteUsdPerMillion: usdInput.nullable().optional().describe('Null or left out: as input.'),
  cacheWrite1hUsdPerMillion: usdInput.nullable().optional().describe('Null or left out: as other cache writes.'),
  reasoningUsdPerMillion: usdInput.nullable().optional().describe('Null or left out: as output.'),
  requestUsd: usdInput.default('0').describe('For each call, whatever its size.'),
  longContext: z
    .strictObject({
      aboveTokens: tokens.describe('Once the whole input is longer, all tokens of the call cost this.'),
      inputUsdPerMillion: usdInput,
      outputUsdPerMillion: usdInput,
      cachedInputUsdPerMillion: usdInput.nullable().optional(),
      cacheWriteUsdPerMillion: usdInput.nullable().optional(),
      cacheWrite1hUsdPerMillion: usdInput.nullable().optional(),
    })
    .nullable()
    .optional(),
});

/** A dated price. */
export const modelPriceSchema = z.strictObject({
  id: z.uuid(),
  inputUsdPerMillion: usd,
  outputUsdPerMillion: usd,
  cachedInputUsdPerMillion: usd.nullable(),
  cacheWriteUsdPerMillion: usd.nullable(),
  cacheWrite1hUsdPerMillion: usd.nullable(),
  reasoningUsdPerMillion: usd.nullable(),
  requestUsd: usd,
  longContext: z
    .strictObject({
      aboveTokens: z.number().int(),
      inputUsdPerMillion: usd,
      outputUsdPerMillion: usd,
      cachedInputUsdPerMillion: usd.nullable(),
      cacheWriteUsdPerMillion: usd.nullable(),
      cacheWrite1hUsdPerMillion: usd.nullable(),
    })
    .nullable(),
  effectiveFrom: z.iso.datetime(),
  source: priceSources,
  importId: z.uuid().nullable().describe('The import it was approved in.'),
  createdBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
});

const importItemSchema = z.strictObject({
  modelId: z.string(),
  displayName: z.string(),
  changes: z.array(
    z.strictObject({
      field: z.string(),
      from: z.string().nullable().describe('Null: it had none of its own.'),
      to: z.string().nullable(),
      percent: z.number().nullable().describe('Null where there is nothing to compare with.'),
    }),
  ),
  isStale: z.boolean().describe('The price has changed since; import again.'),
  appliedPriceId: z.uuid().nullable(),
  appliedBy: z.uuid().nullable(),
  appliedAt: z.iso.datetime().nullable(),
});

const importShape = {
  id: z.uuid(),
  status: z.enum(['unchanged', 'pending', 'partly_applied', 'applied']),
  library: z.string(),
  comparedCount: z.number().int(),
  changedCount: z.number().int(),
  appliedCount: z.number().int(),
  unknownModelIds: z.array(z.string()).describe('Models that the library has no price for.'),
  createdBy: z.uuid().nullable(),
  createdAt: z.iso.datetime(),
} as const;
/** A comparison with a price library. */
export const priceImportSchema = z.strictObject(importShape);
/** The same with what it proposes. */
const priceImportDetailSchema = z.strictObject({ ...importShape, items: z.array(importItemSchema) });

const byModel = z.strictObject({ id: z.string().min(1).max(127).describe('Id of the model.') });
const byImport = z.strictObject({ id: z.uuid() });
const read = { tag: 'Model prices', role: 'superadmin' } as const;
const write = { ...read, impersonation: 'refused' } as const;

export const modelPriceEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listModelPrices',
    method: 'GET',
    path: '/api/admin/models/{id}/prices',
    summary: 'Every price of a model, past, in force and to come, the latest first',
    params: byModel,
    query: z.strictObject(pageParameters),
    output: pageOf(modelPriceSchema.extend({ inForce: z.boolean() })),
  }),
  create: defineEndpoint({
    ...write,
    operationId: 'createModelPrice',
    method: 'POST',
    path: '/api/admin/models/{id}/prices',
    summary: 'Give a model a new price, from now or from a later time on',
    description: 'Prices are never changed: calls of the past keep what they cost.',
    params: byModel,
    body: newPriceSchema.extend({ effectiveFrom: instant.optional().describe('Left out: now. Never in the past.') }),
    status: 201,
    output: single(modelPriceSchema),
    errors: ['conflict'],
  }),
  import: defineEndpoint({
    ...write,
    operationId: 'createPriceImport',
    method: 'POST',
    path: '/api/admin/models/price-import',
    summary: 'Compare the prices in force with the price library; nothing changes before it is approved',
    status: 201,
    output: single(priceImportDetailSchema),
  }),
  listImports: defineEndpoint({
    ...read,
    operationId: 'listPriceImports',
    method: 'GET',
    path: '/api/admin/models/price-imports',
    summary: 'All comparisons, the latest first',
    query: z.strictObject(pageParameters),
    output: pageOf(priceImportSchema),
  }),
  getImport: defineEndpoint({
    ...read,
    operationId: 'getPriceImport',
    method: 'GET',
    path: '/api/admin/models/price-imports/{id}',
    summary: 'One comparison with what it proposes, field by field',
    params: byImport,
    output: single(priceImportDetailSchema),
  }),
  approveImport: defineEndpoint({
    ...write,
    operationId: 'approvePriceImport',
    method: 'POST',
    path: '/api/admin/models/price-imports/{id}/approve',
    summary: 'Put proposed prices in force from now on, all that are open or those of chosen models',
    description:
      'All or none: 409 naming the models whose price has changed since the comparison, or that are applied already.',
    params: byImport,
    body: z.strictObject({ modelIds: z.array(z.string().min(1).max(127)).min(1).max(1_000).optional() }),
    output: single(priceImportDetailSchema),
    errors: ['conflict'],
  }),
} as const;
