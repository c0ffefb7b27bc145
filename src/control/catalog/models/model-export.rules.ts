// Owns: the columns of the catalog as CSV. Pure. Not: which models are in it.

import type { CsvCell } from '../../../primitives/csv.ts';
import type { Model } from './model.queries.ts';
import type { ModelPrice } from './price.queries.ts';
import { amountsToJson } from './price.rules.ts';

/** Names of the columns: the table's, then the prices in force in US dollars per million tokens. */
export const MODEL_CSV_HEADER = [
  ...['id', 'provider', 'provider_model_id', 'version', 'display_name', 'description', 'model_type', 'tier', 'status'],
  ...['enabled', 'is_system_default', 'capabilities', 'context_window', 'max_output_tokens', 'price_cents'],
  ...['rate_limit_messages_per_day', 'trial_messages_allowed', 'fallback_model_ids', 'sort_order', 'retires_at'],
  ...['replacement_model_id', 'archived_at', 'created_at', 'updated_at', 'price_effective_from', 'price_source'],
  ...['input_usd_per_million', 'output_usd_per_million', 'cached_input_usd_per_million', 'cache_write_usd_per_million'],
  ...['cache_write_1h_usd_per_million', 'reasoning_usd_per_million', 'request_usd', 'messages_30_days'],
] as const;

/** One row. Lists are written with spaces between. */
export function modelCells(
  model: Model & { readonly price: ModelPrice | null; readonly messages30Days: number },
): CsvCell[] {
  const { price } = model;
  return [
    ...[model.id, model.providerSlug, model.providerModelId, model.version, model.displayName, model.description],
    ...[model.modelType, model.tier, model.status, model.enabled, model.isSystemDefault],
    ...[model.capabilities.join(' '), model.contextWindow, model.maxOutputTokens, model.priceCents],
    ...[model.rateLimitMessagesPerDay, model.trialMessagesAllowed, model.fallbackModelIds.join(' '), model.sortOrder],
    ...[model.retiresAt, model.replacementModelId, model.archivedAt, model.createdAt, model.updatedAt],
    ...(price === null ? new Array<null>(9).fill(null) : priceCells(price)),
    model.messages30Days,
  ];
}

function priceCells(price: ModelPrice): CsvCell[] {
  const amounts = amountsToJson(price);
  return [
    ...[price.effectiveFrom, price.source, amounts.inputUsdPerMillion, amounts.outputUsdPerMillion],
    ...[amounts.cachedInputUsdPerMillion, amounts.cacheWriteUsdPerMillion, amounts.cacheWrite1hUsdPerMillion],
    ...[amounts.reasoningUsdPerMillion, amounts.requestUsd],
  ];
}
