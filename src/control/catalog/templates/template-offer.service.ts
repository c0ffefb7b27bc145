// Owns: the templates that a person may use, with what they have left of each: one look at the counters for a whole page. Not: which they are
// (template-offer.queries.ts), or deciding a call (the gateway).

import { z } from 'zod';
import { isNobody, type MemberCaller, NOBODY_ID } from '../../../contracts/caller.ts';
import type { TemplateScope } from '../../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../../database/principal.ts';
import { meterKeys, PERIOD_WINDOWS } from '../../../ledger/core/meter-keys.ts';
import { type CounterQuestion, type CounterReading, readCounters } from '../../../ledger/store/counter-reader.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { findOffered, listOffered, type OfferedTemplate, type OfferedTo } from './template-offer.queries.ts';
import { type TemplateLeft, whatIsLeft } from './template-offer.rules.ts';
import { isSystemSwitchedOff } from './template-report.queries.ts';
import { sumTokensByTemplate } from './template-usage.queries.ts';
import { effectiveLimit, limitWindow } from './template-usage.rules.ts';
import type { TemplateParts } from './template-writer.ts';

/** A template, and what its reader has left of it. */
export interface TemplateOffer {
  readonly offered: OfferedTemplate;
  readonly left: TemplateLeft;
}

/** Reads. */
export interface TemplateOfferService {
  list(
    caller: MemberCaller,
    query: PageRequest & {
      readonly scope?: TemplateScope | undefined;
      readonly search?: string | undefined;
      readonly tag?: string | undefined;
    },
  ): Promise<Page<TemplateOffer>>;
  /** 404 `not_found` for one that is not theirs to use. */
  get(caller: MemberCaller, id: number): Promise<TemplateOffer>;
}

const integer = z.number().int().min(-2_147_483_648).max(2_147_483_647);
const place = z.tuple([integer, integer, z.number().int().min(0)]);

/** Over the given parts. */
export function createTemplateOfferService({
  database,
  clock,
}: Pick<TemplateParts, 'database' | 'clock'>): TemplateOfferService {
  /** What of the caller's use no counter knows: where there is no limit, nothing is metered. */
  const sumUnmetered = async (
    tx: DatabaseTransaction,
    to: OfferedTo,
    rows: readonly OfferedTemplate[],
  ): Promise<Map<number, bigint>> => {
    const unmetered = rows.filter((row) => limitOf(row) === null);
    const sums = new Map<number, bigint>();
    const byPeriod = Map.groupBy(unmetered, ({ template }) => template.content.token_limit_period);
    for (const [period, group] of byPeriod) {
      const since = new Date(limitWindow(period, clock.nowMs()).startMs);
      const question = { ...to, templateIds: group.map(({ template }) => template.id), since };
      for (const [id, tokens] of await sumTokensByTemplate(tx, question)) sums.set(id, tokens);
    }
    return sums;
  };

  const measure = async (
    to: OfferedTo,
    rows: readonly OfferedTemplate[],
    unmetered: ReadonlyMap<number, bigint>,
  ): Promise<TemplateOffer[]> => {
    const nowMs = clock.nowMs();
    const { readings, isSwitchedOff } = await withPlatform(
      database,
      'tell a person what they have left of their templates',
      async (tx) => ({
        readings: await readCounters(
          tx,
          rows.flatMap((row) => questionsOf(row, to)),
          nowMs,
        ),
        isSwitchedOff: await isSystemSwitchedOff(tx),
      }),
    );
    const reading = (key: string): CounterReading => {
      const found = readings.get(key);
      if (found === undefined) throw new Error('a counter that was asked for has a reading');
      return found;
    };
    return rows.map((offered) => {
      const { limitKey, trialKey } = keysOf(offered, to);
      const trialStartedAt = trialKey === null ? null : reading(trialKey).firstUsedAt;
      const { content, scope } = offered.template;
      const left = whatIsLeft({
        ...{ content, limit: limitOf(offered), reading: reading(limitKey), trialStartedAt, nowMs },
        unmetered: unmetered.get(offered.template.id) ?? 0n,
        isSwitchedOff: scope === 'system' && isSwitchedOff,
        isServed: content.endpoint_base_url !== null || offered.model?.isAvailable === true,
      });
      return { offered, left };
    });
  };

  return {
    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const to = offeredTo(caller);
      const { page, unmetered } = await withPrincipal(database, caller, async (tx) => {
        const rows = await listOffered(tx, to, { filter, limit: limit + 1, after });
        const found = toPage(rows, limit, (row) => row.place);
        return { page: found, unmetered: await sumUnmetered(tx, to, found.items) };
      });
      return { items: await measure(to, page.items, unmetered), nextCursor: page.nextCursor };
    },

    async get(caller, id) {
      const to = offeredTo(caller);
      const { rows, unmetered } = await withPrincipal(database, caller, async (tx) => {
        const row = await findOffered(tx, to, id);
        const found = row === undefined ? [] : [row];
        return { rows: found, unmetered: await sumUnmetered(tx, to, found) };
      });
      const [offer] = await measure(to, rows, unmetered);
      if (offer === undefined) throw new WeirError('not_found');
      return offer;
    },
  };
}

/** A token of the organization has neither templates nor use of its own: those of its maker are not its business. */
function offeredTo(caller: MemberCaller): OfferedTo {
  return { organizationId: caller.organizationId, userId: isNobody(caller) ? NOBODY_ID : caller.userId };
}

const limitOf = ({ template, configuredLimit }: OfferedTemplate): number | null =>
  effectiveLimit(template.content, configuredLimit).tokens;

function keysOf({ template }: OfferedTemplate, to: OfferedTo) {
  const { token_limit_period: period, is_trial: isTrial, trial_expires_days: days } = template.content;
  const id = String(template.id);
  return {
    limitKey: meterKeys.templateLimit(id, to, period),
    trialKey: isTrial && days !== null ? meterKeys.templateTrial(id, to) : null,
  };
}

function questionsOf(offered: OfferedTemplate, to: OfferedTo): CounterQuestion[] {
  const { limitKey, trialKey } = keysOf(offered, to);
  const window = { kind: PERIOD_WINDOWS[offered.template.content.token_limit_period ?? 'monthly'] };
  return [
    { key: limitKey, window },
    ...(trialKey === null ? [] : [{ key: trialKey, window: { kind: 'lifetime' as const } }]),
  ];
}
