// Owns: whether the books of a database close: every admitted call has one end, nothing is held, nothing was invented, and clients were told what was booked.
// Not: making calls.

import type pg from 'pg';
import { expect } from 'vitest';
import type { CallOutcome } from './chaos-call.ts';
import { until } from './until.ts';

/** Counts that are all zero in books that close. The demo world brings a history of its own, which no call made: it is left out. */
const FAULTS = `
with organizations as (select id from weir.organizations where slug like 'load-%'),
  events as (select e.* from weir.usage_events e join organizations o on o.id = e.organization_id),
  -- What was refused, or left, before it was admitted has an event as well, which names no price.
  ended as (select * from events where sequence = 0 and price_id is not null)
select
  (select count(*) from weir.holds)::int as "holds left",
  (select count(*) from chaos.admitted a where not exists (select from ended e where e.id = a.id))::int as "admitted without an end",
  (select count(*) - count(distinct id) from chaos.admitted)::int as "admitted twice",
  (select count(*) from ended e where not exists (select from chaos.admitted a where a.id = e.id))::int as "ended without being admitted",
  (select count(*) from (select from events group by id, sequence having count(*) > 1) d)::int as "ended twice",
  (select count(*) from weir_private.ledger_drift())::int as "drifted counters",
  (select count(*) from weir.credit_grants g join organizations o on o.id = g.organization_id where g.held <> 0)::int as "credits held",
  (select count(*) from (
     select g.organization_id, g.credit_type, sum(g.consumed) as consumed from weir.credit_grants g join organizations o on o.id = g.organization_id
      group by 1, 2) g
    where g.consumed <> -coalesce((select sum(l.amount) from weir.credit_ledger l where l.organization_id = g.organization_id
      and l.credit_type = g.credit_type and l.kind in ('deduct', 'refund')), 0))::int as "credits consumed otherwise than told",
  (select count(*) from (select from weir.credit_ledger where kind = 'deduct' group by request_id having count(*) > 1) d)::int as "credits deducted twice",
  (select count(*) from ended e cross join lateral unnest(e.counter_ids, e.amounts) as q(id, amount) join weir.counters c on c.id = q.id
    where e.status = 'success' and e.usage_source = 'provider' and q.amount <> case
      when c.unit = 'tokens' then e.input_tokens + e.output_tokens when c.unit = 'nano_usd' then e.cost_nano_usd else q.amount end)::int
    as "amounts other than tokens and cost",
  (select count(*) from events where (price_id is null or error_code = 'ledger_unavailable')
    and (input_tokens + output_tokens > 0 or cost_nano_usd > 0 or 0 < any (amounts)))::int as "refused and charged",
  (select count(*) from weir.usage_events_default)::int as "events outside every month"`;

/** What was booked, for the report. */
export interface Books {
  readonly admitted: number;
  /** Events of admitted calls by status. */
  readonly ends: Readonly<Record<string, number>>;
  /** Ends that a sweep had to estimate, and how many of them were corrected later. */
  readonly estimated: number;
  readonly corrected: number;
}

/** Waits until no hold is open: calls have ended, or a sweep has ended them. */
export async function untilNothingIsHeld(owner: pg.Client): Promise<void> {
  let holds = 0;
  await until(
    'no hold is left',
    async () => {
      holds =
        (await owner.query<{ holds: number }>('select count(*)::int as holds from weir.holds')).rows[0]?.holds ?? 0;
      return holds === 0;
    },
    { withinMs: 90_000, explain: () => `${holds} are left.` },
  );
}

/** Expects that the books close and gives what is in them. */
export async function expectBooksToClose(owner: pg.Client): Promise<Books> {
  const faults = (await owner.query<Record<string, number>>(FAULTS)).rows[0] ?? {};
  expect(Object.entries(faults).filter(([, count]) => count !== 0)).toEqual([]);
  const { rows: ends } = await owner.query<{ status: string; count: number }>(
    `select e.status, count(*)::int as count from chaos.admitted a join weir.usage_events e on e.id = a.id and e.sequence = 0
      where e.price_id is not null group by 1 order by 1`,
  );
  const { rows } = await owner.query<Omit<Books, 'ends'>>(`select
    (select count(*)::int from chaos.admitted) as admitted,
    (select count(*)::int from weir.usage_events where usage_source = 'estimated' and sequence = 0) as estimated,
    (select count(*)::int from weir.usage_events where sequence = 1) as corrected`);
  const [counts] = rows;
  if (!counts) throw new Error('the books are unreadable');
  return { ...counts, ends: Object.fromEntries(ends.map(({ status, count }) => [status, count])) };
}

/**
 * Expects every acknowledged call in the books, once, as a success, with exactly the tokens that its client was told. An estimate and its correction
 * together count as one.
 */
export async function expectToBeBookedAsTold(owner: pg.Client, acknowledged: readonly CallOutcome[]): Promise<void> {
  const { rows } = await owner.query<{ id: string; input: string; output: string; successes: number }>(
    `select id, sum(input_tokens)::text as input, sum(output_tokens)::text as output,
            (count(*) filter (where status = 'success'))::int as successes
       from weir.usage_events where id = any ($1) group by id`,
    [acknowledged.map(({ requestId }) => requestId)],
  );
  const booked = new Map(rows.map(({ id, ...rest }) => [id, rest]));
  const wrong = acknowledged.flatMap(({ requestId, told, plan }) => {
    const found = booked.get(requestId ?? '');
    const expected = { input: String(told?.input), output: String(told?.output), successes: 1 };
    const isRight =
      found?.input === expected.input && found.output === expected.output && found.successes === expected.successes;
    return isRight ? [] : [{ requestId, expected, found, plan: { ...plan, key: '' } }];
  });
  expect(wrong).toEqual([]);
}

/**
 * Counts refusals by code. Expects no other than that the ledger or facts could not be reached, each with the time to come again, and that no connection to the
 * server failed: it is the database that is away.
 */
export function expectOnlyHonestRefusals(outcomes: readonly CallOutcome[]): Record<string, number> {
  const refusals: Record<string, number> = {};
  for (const { refusal, status, retryAfter, failure, told } of outcomes) {
    expect(failure).toBeNull();
    if (told !== null) continue;
    const code = refusal?.code ?? 'an answer that is not whole';
    refusals[code] = (refusals[code] ?? 0) + 1;
    const isTimeGiven = Number(retryAfter) > 0;
    expect({ status, code, isTimeGiven }).toEqual({ status: 503, code: 'ledger_unavailable', isTimeGiven: true });
  }
  return refusals;
}
