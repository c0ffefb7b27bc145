// Owns: what a limit of tokens per person would do in the running window: who has used as much already. Not: setting it (template-config.service.ts).

import { PEOPLE_SHOWN } from '../../../contracts/catalog/template-reading.ts';
import type { TokenLimitPeriod } from '../../../contracts/enumerations.ts';
import type { Database } from '../../../database/pool.ts';
import { withPlatform } from '../../../database/principal.ts';
import { meterKeys, PERIOD_WINDOWS } from '../../../ledger/core/meter-keys.ts';
import { readCounters } from '../../../ledger/store/counter-reader.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { SystemTemplate } from './template-list.queries.ts';
import type { UseShare } from './template-usage.queries.ts';
import { effectiveLimit, limitWindow } from './template-usage.rules.ts';

/** Whom a limit would block. Limits in tokens, null for none. */
export interface LimitImpact {
  readonly period: TokenLimitPeriod;
  readonly windowStart: Date;
  readonly resetsAt: Date;
  readonly current: number | null;
  readonly proposed: number | null;
  readonly above: number;
  /** Those of them who used most. */
  readonly people: readonly UseShare[];
  readonly isServiceAbove: boolean;
}

/** Reads the counters of everybody in one query, by the platform's door: nobody reads other people's counters as a person. */
export async function readLimitImpact(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  question: {
    readonly organizationId: string;
    readonly template: SystemTemplate;
    readonly people: readonly { readonly id: string; readonly name: string }[];
    readonly proposed: number | null;
  },
): Promise<LimitImpact> {
  const { organizationId, template, people } = question;
  const { content, config } = template;
  const period = content.token_limit_period ?? 'monthly';
  const nowMs = clock.nowMs();
  const window = limitWindow(period, nowMs);
  const proposed = effectiveLimit(content, question.proposed).tokens;
  const keyOf = (userId: string | null): string =>
    meterKeys.templateLimit(String(template.id), { organizationId, userId }, period);
  const readings = await withPlatform(database, 'tell an admin whom a limit would block', (tx) => {
    const keys = [null, ...people.map(({ id }) => id)].map(keyOf);
    return readCounters(
      tx,
      keys.map((key) => ({ key, window: { kind: PERIOD_WINDOWS[period] } })),
      nowMs,
    );
  });
  const isAbove = (userId: string | null): boolean =>
    proposed !== null && (readings.get(keyOf(userId))?.used ?? 0n) >= BigInt(proposed);
  const above = people
    .filter(({ id }) => isAbove(id))
    .map((person) => ({ ...person, tokens: readings.get(keyOf(person.id))?.used ?? 0n }))
    .sort((a, b) => (a.tokens === b.tokens ? (a.id < b.id ? -1 : 1) : a.tokens > b.tokens ? -1 : 1));
  return {
    ...{ period, windowStart: new Date(window.startMs), resetsAt: new Date(window.endMs), proposed },
    current: effectiveLimit(content, config?.tokenLimitPerUser ?? null).tokens,
    ...{ above: above.length, people: above.slice(0, PEOPLE_SHOWN), isServiceAbove: isAbove(null) },
  };
}
