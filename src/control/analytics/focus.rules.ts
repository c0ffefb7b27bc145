// Owns: the columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification) for a line of a day. Pure. Not: our own files (usage-columns.rules.ts).
//
// What is charged is money for tokens, so each line is one of `Usage`. Credits are no money here: features that are paid in credits show with what their calls cost.
// Costs are what was charged: there are no list prices, discounts or commitments beside it, so all four costs are one.

import type { CsvCell } from '../../primitives/csv.ts';
import { type Column, usdCell } from './usage-columns.rules.ts';
import type { UsageDayRow } from './usage-export.queries.ts';

/** A line, with whose bill it is on. */
export interface FocusRow extends UsageDayRow {
  readonly organizationId: string;
  readonly organizationName: string;
}

const DAY_MS = 86_400_000;
const cost = ({ costNanoUsd }: FocusRow): CsvCell => usdCell(costNanoUsd);
const tokens = ({ inputTokens, outputTokens }: FocusRow): bigint => inputTokens + outputTokens;
const dayEnd = ({ day }: FocusRow): string => instantOf(Date.parse(day) + DAY_MS);
const instantOf = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

function monthOf(day: string, ahead: number): string {
  const date = new Date(day);
  return instantOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + ahead, 1));
}

function tagsOf(row: FocusRow): string {
  const { userId, userName, departmentName, feature, template, environment } = row;
  const named = { user: userName ?? userId, department: departmentName, feature, template, environment };
  return JSON.stringify(Object.fromEntries(Object.entries(named).filter(([, value]) => value !== null)));
}

/** In alphabetical order, as the specification lists them; then our own. */
export const FOCUS_COLUMNS: readonly Column<FocusRow>[] = [
  ['BilledCost', cost],
  ['BillingAccountId', ({ organizationId }) => organizationId],
  ['BillingAccountName', ({ organizationName }) => organizationName],
  ['BillingAccountType', () => 'Organization'],
  ['BillingCurrency', () => 'USD'],
  ['BillingPeriodEnd', ({ day }) => monthOf(day, 1)],
  ['BillingPeriodStart', ({ day }) => monthOf(day, 0)],
  ['ChargeCategory', () => 'Usage'],
  ['ChargeClass', () => null],
  ['ChargeDescription', (row) => `Calls to ${row.modelName ?? row.model} (${row.requests}): ${tokens(row)} tokens`],
  ['ChargeFrequency', () => 'Usage-Based'],
  ['ChargePeriodEnd', dayEnd],
  ['ChargePeriodStart', ({ day }) => instantOf(Date.parse(day))],
  ['ConsumedQuantity', tokens],
  ['ConsumedUnit', () => 'tokens'],
  ['ContractedCost', cost],
  ['EffectiveCost', cost],
  ['InvoiceIssuerName', () => 'Weir'],
  ['ListCost', cost],
  ['PricingCategory', () => 'Standard'],
  ['PricingCurrency', () => 'USD'],
  ['PricingQuantity', tokens],
  ['PricingUnit', () => 'tokens'],
  ['ProviderName', ({ provider }) => provider],
  ['PublisherName', ({ provider }) => provider],
  ['ResourceId', ({ keyId }) => keyId],
  ['ResourceName', ({ keyName }) => keyName],
  ['ResourceType', ({ keyId }) => (keyId === null ? null : 'Virtual key')],
  ['ServiceCategory', () => 'AI and Machine Learning'],
  ['ServiceName', () => 'Weir AI gateway'],
  ['ServiceSubcategory', () => 'Generative AI'],
  ['SkuId', ({ provider, model }) => `${provider}/${model}`],
  ['SkuMeter', () => 'Tokens'],
  ['SubAccountId', ({ departmentId }) => departmentId],
  ['SubAccountName', ({ departmentName }) => departmentName],
  ['Tags', tagsOf],
  ['x_CachedInputTokens', ({ cachedInputTokens }) => cachedInputTokens],
  ['x_CacheWriteTokens', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['x_Environment', ({ environment }) => environment],
  ['x_Feature', ({ feature }) => feature],
  ['x_InputTokens', ({ inputTokens }) => inputTokens],
  ['x_Model', ({ model }) => model],
  ['x_OutputTokens', ({ outputTokens }) => outputTokens],
  ['x_ReasoningTokens', ({ reasoningTokens }) => reasoningTokens],
  ['x_Requests', ({ requests }) => requests],
  ['x_Status', ({ status }) => status],
  ['x_Template', ({ template }) => template],
  ['x_UserId', ({ userId }) => userId],
];
