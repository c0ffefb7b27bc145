// Owns: the rows of the Postgres ledger in the shape that every store shows them in. Not: the tables (migration 000050).

import type pg from 'pg';
import type { CreditLot } from '../../core/lots.ts';
import type { BookedEvent, CounterAmount, CounterRow, LedgerSnapshot, OpenHoldRow } from '../ledger-snapshot.ts';

// Amounts travel as text: JSON numbers end at 2^53. All four lists come from one statement, so they are of one instant.
const SNAPSHOT = `
  with legs as (
    select h.id, jsonb_agg(jsonb_build_object('key', c.meter_key, 'start', extract(epoch from c.window_start)::bigint, 'amount', q.amount::text) order by q.n) as list
      from weir.holds h cross join lateral unnest(h.counter_ids, h.amounts) with ordinality as q(id, amount, n) join weir.counters c on c.id = q.id
     where h.organization_id = any ($1::uuid[]) group by h.id),
  charges as (
    select e.id, e.sequence, jsonb_agg(jsonb_build_object('key', c.meter_key, 'start', extract(epoch from c.window_start)::bigint, 'amount', q.amount::text) order by q.n) as list
      from weir.usage_events e cross join lateral unnest(e.counter_ids, e.amounts) with ordinality as q(id, amount, n) join weir.counters c on c.id = q.id
     where e.organization_id = any ($1::uuid[]) group by e.id, e.sequence)
  select
    (select coalesce(jsonb_agg(jsonb_build_object('key', c.meter_key, 'organization', c.organization_id, 'start', extract(epoch from c.window_start)::bigint,
        'end', extract(epoch from c.window_end)::bigint, 'used', c.used::text, 'held', c.held::text) order by c.id), '[]')
       from weir.counters c where c.organization_id = any ($1::uuid[]) or (c.organization_id is null and c.meter_key = any ($2::text[]))) as counters,
    (select coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'organization', h.organization_id, 'granted', h.granted_output::text,
        'credits', coalesce(h.credit_amount, 0)::text, 'expires', extract(epoch from h.expires_at)::bigint, 'legs', coalesce(l.list, '[]')) order by h.id), '[]')
       from weir.holds h left join legs l using (id) where h.organization_id = any ($1::uuid[])) as holds,
    (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'organization', e.organization_id, 'sequence', e.sequence, 'status', e.status,
        'source', e.usage_source, 'charges', coalesce(l.list, '[]'),
        'credits', (select coalesce(-sum(k.amount), 0)::text from weir.credit_ledger k
                     where k.request_id = e.id and k.kind = case e.sequence when 0 then 'deduct' else 'refund' end)) order by e.id, e.sequence), '[]')
       from weir.usage_events e left join charges l using (id, sequence) where e.organization_id = any ($1::uuid[])) as events,
    (select coalesce(jsonb_agg(jsonb_build_object('id', g.id, 'organization', g.organization_id, 'type', g.credit_type, 'priority', g.priority,
        'effective', extract(epoch from g.effective_at)::bigint, 'expires', extract(epoch from g.expires_at)::bigint,
        'initial', g.initial::text, 'remaining', g.remaining::text, 'held', g.held::text, 'consumed', g.consumed::text,
        'expired', g.expired::text, 'voided', g.voided::text) order by g.id), '[]')
       from weir.credit_grants g where g.organization_id = any ($1::uuid[])) as lots`;

interface AmountJson {
  readonly key: string;
  readonly start: number;
  readonly amount: string;
}

interface SnapshotRow {
  readonly counters: readonly {
    key: string;
    organization: string | null;
    start: number;
    end: number;
    used: string;
    held: string;
  }[];
  readonly holds: readonly {
    id: string;
    organization: string;
    granted: string;
    credits: string;
    expires: number;
    legs: AmountJson[];
  }[];
  readonly events: readonly {
    id: string;
    organization: string;
    sequence: number;
    status: BookedEvent['status'];
    source: BookedEvent['source'];
    charges: AmountJson[];
    credits: string;
  }[];
  readonly lots: readonly {
    id: string;
    organization: string;
    type: string;
    priority: number;
    effective: number;
    expires: number | null;
    initial: string;
    remaining: string;
    held: string;
    consumed: string;
    expired: string;
    voided: string;
  }[];
}

/** Rows of these organizations, and of the platform's meters with these names. */
export async function readSnapshot(
  owner: pg.Pool,
  scope: { readonly organizationIds: readonly string[]; readonly platformMeterKeys: readonly string[] },
): Promise<LedgerSnapshot> {
  const { rows } = await owner.query<SnapshotRow>({
    name: 'snapshot',
    text: SNAPSHOT,
    values: [scope.organizationIds, scope.platformMeterKeys],
  });
  const [row] = rows;
  if (!row) throw new Error('the snapshot gave no row');
  return {
    counters: row.counters.map(toCounter),
    openHolds: row.holds.map(toHold),
    events: row.events.map(toEvent),
    lots: row.lots.map(toLot),
  };
}

/** What `ledger_drift` finds in an organization. */
export async function readDrift(owner: pg.Pool, organizationId: string): Promise<readonly string[]> {
  const { rows } = await owner.query<{ text: string }>(
    `select format('%s from %s: used %s, expected %s; held %s, expected %s', meter_key, window_start, used, expected_used, held, expected_held) as text
       from weir_private.ledger_drift($1)`,
    [organizationId],
  );
  return rows.map((row) => row.text);
}

function toCounter(row: SnapshotRow['counters'][number]): CounterRow {
  return {
    meterKey: row.key,
    organizationId: row.organization,
    windowStartMs: row.start * 1000,
    windowEndMs: row.end * 1000,
    used: BigInt(row.used),
    held: BigInt(row.held),
  };
}

function toHold(row: SnapshotRow['holds'][number]): OpenHoldRow {
  return {
    id: row.id,
    organizationId: row.organization,
    grantedOutput: BigInt(row.granted),
    legs: row.legs.map(toAmount),
    credits: BigInt(row.credits),
    expiresAtMs: row.expires * 1000,
  };
}

function toEvent(row: SnapshotRow['events'][number]): BookedEvent {
  return {
    id: row.id,
    organizationId: row.organization,
    kind: row.sequence === 0 ? 'primary' : 'correction',
    status: row.status,
    source: row.source,
    charges: row.charges.map(toAmount).filter((charge) => charge.amount !== 0n),
    credits: BigInt(row.credits),
  };
}

function toAmount(json: AmountJson): CounterAmount {
  return { meterKey: json.key, windowStartMs: json.start * 1000, amount: BigInt(json.amount) };
}

function toLot(row: SnapshotRow['lots'][number]): CreditLot {
  return {
    id: row.id,
    organizationId: row.organization,
    creditType: row.type,
    initial: BigInt(row.initial),
    remaining: BigInt(row.remaining),
    held: BigInt(row.held),
    consumed: BigInt(row.consumed),
    expired: BigInt(row.expired),
    voided: BigInt(row.voided),
    priority: row.priority,
    effectiveAtMs: row.effective * 1000,
    expiresAtMs: row.expires === null ? null : row.expires * 1000,
  };
}
