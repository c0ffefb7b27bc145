// Owns: the columns of our own files of use. Pure. Not: those of FOCUS (focus.rules.ts), or the rows.

import { formatUsd } from '../../primitives/amounts.ts';
import type { CsvCell } from '../../primitives/csv.ts';
import type { UsageEventRow } from './usage-event.queries.ts';
import type { UsageDayRow } from './usage-export.queries.ts';

/** A column: its name, and its cell of a row. */
export type Column<Row> = readonly [name: string, cell: (row: Row) => CsvCell];

/** Dollars, exact; less than nothing, where a correction is a line of its own, as a number: as a text it would be taken for a formula. */
export function usdCell(nanoUsd: bigint | null): CsvCell {
  if (nanoUsd === null) return null;
  const text = formatUsd(nanoUsd);
  return nanoUsd < 0n ? Number(text) : text;
}

/** What every line of ours has: what was called and for what, and its tokens. */
type AnyRow = UsageDayRow | UsageEventRow;
const PURPOSE: readonly Column<AnyRow>[] = [
  ['model', ({ model }) => model],
  ['provider', ({ provider }) => provider],
  ['model_type', ({ modelType }) => modelType],
  ['template', ({ template }) => template],
  ['feature', ({ feature }) => feature],
  ['environment', ({ environment }) => environment],
];
const TOKENS: readonly Column<AnyRow>[] = [
  ['input_tokens', ({ inputTokens }) => inputTokens],
  ['output_tokens', ({ outputTokens }) => outputTokens],
  ['cached_input_tokens', ({ cachedInputTokens }) => cachedInputTokens],
  ['cache_write_tokens', ({ cacheWriteTokens }) => cacheWriteTokens],
  ['reasoning_tokens', ({ reasoningTokens }) => reasoningTokens],
];

/** A line of a day. */
export const DAY_COLUMNS: readonly Column<UsageDayRow>[] = [
  ['day', ({ day }) => day],
  ['user_id', ({ userId }) => userId],
  ['user', ({ userName }) => userName],
  ['department_id', ({ departmentId }) => departmentId],
  ['department', ({ departmentName }) => departmentName],
  ['key_id', ({ keyId }) => keyId],
  ['key', ({ keyName }) => keyName],
  ...PURPOSE,
  ['status', ({ status }) => status],
  ['requests', ({ requests }) => requests],
  ...TOKENS,
  ['cost_usd', ({ costNanoUsd }) => usdCell(costNanoUsd)],
];

/** A call. */
export const CALL_COLUMNS: readonly Column<UsageEventRow>[] = [
  ['id', ({ id }) => id],
  ['occurred_at', ({ occurredAt }) => occurredAt],
  ['user_id', ({ userId }) => userId],
  ['user', ({ userName }) => userName],
  ['department_id', ({ departmentId }) => departmentId],
  ['key_id', ({ keyId }) => keyId],
  ['key', ({ keyName }) => keyName],
  ...PURPOSE,
  ['route', ({ route }) => route],
  ['status', ({ status }) => status],
  ['error_code', ({ errorCode }) => errorCode],
  ...TOKENS,
  ['token_source', ({ tokenSource }) => tokenSource],
  ['cost_usd', ({ costNanoUsd }) => usdCell(costNanoUsd)],
  ['latency_ms', ({ latencyMs }) => latencyMs],
  ['first_token_ms', ({ firstTokenMs }) => firstTokenMs],
  ['streamed', ({ streamed }) => streamed],
  ['trial', ({ trial }) => trial],
  ['retries', ({ retries }) => retries],
  ['fallback_used', ({ fallbackUsed }) => fallbackUsed],
  ['tags', ({ tags }) => (tags === null ? null : JSON.stringify(tags))],
];
