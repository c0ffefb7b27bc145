// Owns: the routes of single calls, and a call as JSON. Not: reading them (usage-event.service.ts).

import type { z } from 'zod';
import { usageEventEndpoints, type usageEventSchema } from '../../contracts/analytics/usage-events.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { formatUsd, parseUsd } from '../../primitives/amounts.ts';
import { uuidV7TimeMs } from '../../primitives/ids.ts';
import type { BillLine } from '../../primitives/price.ts';
import type { UsageBill } from './usage-bill.rules.ts';
import type { UsageEventRow } from './usage-event.queries.ts';
import type { UsageEventService } from './usage-event.service.ts';
import { toFilter } from './usage-filter.rules.ts';
import type { ToldUse, UsageRecordService } from './usage-record.service.ts';

type BillJson = z.input<typeof usageEventEndpoints.get.output>['data']['bill'];

/** All of them. */
export function usageEventRoutes(services: {
  readonly usageEvents: UsageEventService;
  readonly usageRecords: UsageRecordService;
}): Route[] {
  const { usageEvents, usageRecords } = services;
  return [
    implement(usageEventEndpoints.list, async ({ caller, query }) => {
      const { from, to, limit, cursor } = query;
      const page = await usageEvents.list(caller, { from, to, limit, cursor, filter: toFilter(query) });
      return { data: page.items.map(toJson), next_cursor: page.nextCursor };
    }),
    implement(usageEventEndpoints.get, async ({ caller, params }) => {
      const { event, bill } = await usageEvents.get(caller, params.id);
      return { data: { ...toJson(event), bill: billJson(bill) } };
    }),
    implement(usageEventEndpoints.record, async ({ caller, body, idempotencyKey }) => {
      const recording = await usageRecords.record(caller, toldUse(body, idempotencyKey));
      return {
        data: {
          id: recording.eventId,
          recorded: recording.isNew,
          occurred_at: new Date(uuidV7TimeMs(recording.eventId)).toISOString(),
          cost_usd: usd(recording.costNanoUsd),
          price_id: recording.priceId,
        },
      };
    }),
  ];
}

function toldUse(body: z.output<typeof usageEventEndpoints.record.body>, idempotencyKey: string | null): ToldUse {
  return {
    externalId: body.id ?? idempotencyKey,
    occurredAtMs: body.occurred_at === undefined ? null : Date.parse(body.occurred_at),
    ...{ modelId: body.model, provider: body.provider ?? null, userId: body.user_id },
    ...{ feature: body.feature ?? null, template: body.template ?? null, environment: body.environment },
    tokens: {
      input: BigInt(body.input_tokens),
      output: BigInt(body.output_tokens),
      cachedInput: BigInt(body.cached_input_tokens),
      cacheWrite: BigInt(body.cache_write_tokens),
      cacheWrite1h: 0n,
      reasoning: BigInt(body.reasoning_tokens),
    },
    // The schema takes no amount that this can't read.
    costNanoUsd: body.cost_usd === undefined ? null : (parseUsd(body.cost_usd) ?? null),
    ...{ status: body.status, errorCode: body.error_code ?? null, tags: body.tags ?? null },
    ...{ latencyMs: body.latency_ms ?? null, firstTokenMs: body.first_token_ms ?? null },
  };
}

const usd = (nanoUsd: bigint | null): string | null => (nanoUsd === null ? null : formatUsd(nanoUsd));

function toJson(event: UsageEventRow): z.input<typeof usageEventSchema> {
  return {
    id: event.id,
    occurred_at: event.occurredAt.toISOString(),
    user: event.userId === null ? null : { id: event.userId, name: event.userName },
    department_id: event.departmentId,
    key: event.keyId === null ? null : { id: event.keyId, name: event.keyName },
    ...{ model: event.model, provider: event.provider, model_type: event.modelType, template: event.template },
    ...{ feature: event.feature, environment: event.environment, persona_id: event.personaId, route: event.route },
    ...{ status: event.status, error_code: event.errorCode },
    input_tokens: Number(event.inputTokens),
    output_tokens: Number(event.outputTokens),
    cached_input_tokens: Number(event.cachedInputTokens),
    cache_write_tokens: Number(event.cacheWriteTokens),
    reasoning_tokens: Number(event.reasoningTokens),
    total_tokens: Number(event.inputTokens + event.outputTokens),
    ...{ token_source: event.tokenSource, corrected: event.isCorrected, cost_usd: usd(event.costNanoUsd) },
    ...{ latency_ms: event.latencyMs, first_token_ms: event.firstTokenMs, streamed: event.streamed },
    ...{ trial: event.trial, retries: event.retries, fallback_used: event.fallbackUsed },
    tags: event.tags as Record<string, unknown> | null,
  };
}

function billJson({ outcome, costNanoUsd, dated, isLongContext, lines, linesTotal }: UsageBill): BillJson {
  return {
    outcome,
    cost_usd: usd(costNanoUsd),
    price: dated && {
      id: dated.price.id,
      model: dated.modelId,
      effective_from: dated.effectiveFrom.toISOString(),
      long_context: isLongContext,
    },
    lines: lines.map(lineJson),
    rounding: 'half_even_per_line',
    lines_total_usd: usd(linesTotal),
  };
}

const PARTS = {
  input: 'input',
  cachedInput: 'cached_input',
  cacheWrite: 'cache_write',
  cacheWrite1h: 'cache_write_1h',
  output: 'output',
  reasoning: 'reasoning',
  request: 'request',
} as const satisfies Record<BillLine['part'], string>;

function lineJson({ part, tokens, nanoUsdPerMillion, nanoUsd }: BillLine): BillJson['lines'][number] {
  return {
    part: PARTS[part],
    tokens: tokens === null ? null : Number(tokens),
    usd_per_million: usd(nanoUsdPerMillion),
    cost_usd: formatUsd(nanoUsd),
  };
}
