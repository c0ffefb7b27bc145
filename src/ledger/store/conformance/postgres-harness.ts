// Owns: the surroundings of the Postgres ledger for the conformance suite and the simulator: a migrated database that is this
// harness's alone, sessions that can be cut, a clock that can be moved. Not: the reading of its rows (postgres-rows.ts).

import pg from 'pg';
import { connectDedicated } from '../../../database/connection.ts';
import { systemClock } from '../../../primitives/clock.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { createSystemRandom } from '../../../primitives/random.ts';
import { createPostgresStore, type PostgresStore } from '../postgres-store.ts';
import type { LedgerHarness } from './ledger-harness.ts';
import { HARNESS_START_MS } from './memory-harness.ts';
import { readDrift, readSnapshot } from './postgres-rows.ts';

/** How long a cut session may take to be gone. */
const CUT_TIMEOUT_MS = 5_000;
/** A busy machine is no outage: what isn't decided in this time has been forgotten. */
const PATIENCE_MS = 60_000;

/** An organization must have an owner; the harness's one user owns them all. */
const OWNER_ID = '00000000-0000-7000-8000-000000000001';
const MAKE_ORGANIZATION = `
  with made as (
    insert into weir.organizations (id, name, slug, business_type) values ($1::uuid, 'Harness', 's-' || $1, 'harness') returning id),
  owned as (
    insert into weir.members (id, organization_id, user_id, role) select id, id, '${OWNER_ID}', 'owner' from made)
  select id as value from made`;

/** Which database, and what of the store to vary. */
export interface PostgresHarnessOptions {
  /** The run-time login. */
  readonly url: string;
  /** A login past every policy: makes facts and cuts sessions. */
  readonly ownerUrl: string;
  readonly lanes?: number;
}

/** A database in which harnesses follow each other. */
export interface PostgresHarnesses {
  /** Opens a store on it, with its clock at `startMs`. What an earlier harness left open is gone. */
  create(startMs?: number): Promise<LedgerHarness>;
  close(): Promise<void>;
}

/** A store that is open, and the switch that takes the database away from it. */
interface OpenStore {
  readonly store: PostgresStore;
  readonly pids: number[];
  dead: boolean;
}

/** Makes harnesses on a migrated database that nobody else sweeps. They share one session for looking at it, whose plans are dear. */
export async function openPostgresHarnesses(options: PostgresHarnessOptions): Promise<PostgresHarnesses> {
  const owner = connectOwner(options.ownerUrl);
  await seedReferences(owner);
  return {
    create: (startMs = HARNESS_START_MS) => createHarness(options, owner, startMs),
    close: () => owner.end(),
  };
}

async function createHarness(options: PostgresHarnessOptions, owner: pg.Pool, startMs: number): Promise<LedgerHarness> {
  await owner.query('delete from weir.holds');
  const random = createSystemRandom();
  const time = createDiscreteTime(startMs);
  const opened: OpenStore[] = [];
  const open = async (): Promise<OpenStore> => {
    const one = openStore(options, time.offsetMs);
    opened.push(one);
    await one.store.open();
    return one;
  };
  let current = await open();
  const value = async (text: string, values: unknown[]): Promise<string> => {
    const { rows } = await owner.query<{ value: string }>(text, values);
    return rows[0]?.value ?? '0';
  };
  return {
    store: () => current.store,
    openReplica: async () => (await open()).store,
    async crash() {
      await kill(owner, current);
      time.restore();
      current = await open();
    },
    cut: () =>
      cutSessions(
        owner,
        opened.flatMap((one) => one.pids),
      ),
    createOrganization: () => value(MAKE_ORGANIZATION, [createUuidV7(systemClock.nowMs(), random)]),
    async factVersion(scope) {
      return BigInt(await value('select version::text as value from weir.fact_versions where scope = $1', [scope]));
    },
    async bumpFactVersion(scope) {
      const text = `insert into weir.fact_versions as f (scope, version, changed_at) values ($1, 1, now())
        on conflict (scope) do update set version = f.version + 1 returning version::text as value`;
      return BigInt(await value(text, [scope]));
    },
    grantLot: (grant) =>
      value(
        `select weir.grant_credits($1, $2, $3, 'admin', $4, null, to_timestamp($5 / 1000.0), to_timestamp($6 / 1000.0), $7) as value`,
        [
          grant.organizationId,
          grant.creditType,
          grant.initial,
          createUuidV7(systemClock.nowMs(), random),
          grant.effectiveAtMs,
          grant.expiresAtMs,
          grant.priority,
        ],
      ),
    async advance(milliseconds) {
      // A store can only keep from going back to before what it has seen.
      for (const one of opened) one.store.nowMs();
      time.advance(milliseconds);
    },
    snapshot: (scope) => readSnapshot(owner, scope),
    verify: (organizationId) => readDrift(owner, organizationId),
    async close() {
      await Promise.all(opened.filter((one) => !one.dead).map((one) => one.store.close()));
    },
  };
}

interface DiscreteTime {
  offsetMs(): number;
  advance(milliseconds: number): void;
  /** Undoes what set it back. */
  restore(): void;
}

/**
 * Time that begins at `startMs` and moves when told. What passes on the machine meanwhile is taken back whenever time goes where it has not been,
 * so that it never adds up to the half minute that would carry a run over the end of a window.
 */
function createDiscreteTime(startMs: number): DiscreteTime {
  let wantedMs = startMs;
  let latestMs = startMs;
  let offsetMs = Math.floor(startMs - systemClock.nowMs());
  const advance = (milliseconds: number): void => {
    wantedMs += milliseconds;
    offsetMs = wantedMs > latestMs ? Math.floor(wantedMs - systemClock.nowMs()) : offsetMs + milliseconds;
    latestMs = Math.max(latestMs, wantedMs);
  };
  return { offsetMs: () => offsetMs, advance, restore: () => advance(latestMs - wantedMs) };
}

function openStore(options: PostgresHarnessOptions, clockOffsetMs: () => number): OpenStore {
  const pids: number[] = [];
  const one = { pids, dead: false };
  const connect = async () => {
    // A dead process doesn't connect again: what waits in the dropped store is refused rather than tried for ever.
    if (one.dead) throw new Error('this store was dropped by a simulated crash');
    const client = await connectDedicated({
      url: options.url,
      role: 'weir_gateway',
      applicationName: 'weir ledger harness',
      isPipelined: true,
    });
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    pids.push(rows[0]?.pid ?? 0);
    if (one.dead) {
      await client.end();
      throw new Error('this store was dropped while it connected');
    }
    return client;
  };
  const store = createPostgresStore({
    connect,
    clock: systemClock,
    lanes: options.lanes ?? 2,
    clockOffsetMs,
    patienceMs: PATIENCE_MS,
    // Whatever waits leaves in a second batch: the suite and the simulator see batches that overlap.
    overlapMin: 1,
  });
  return Object.assign(one, { store });
}

/** Takes the database away from a store for good. */
async function kill(owner: pg.Pool, one: OpenStore): Promise<void> {
  one.dead = true;
  await cutSessions(owner, one.pids);
}

/** Cuts sessions, wherever they are in a batch, and waits until none is left that could still commit. */
async function cutSessions(owner: pg.Pool, pids: number[]): Promise<void> {
  const cut = pids.splice(0);
  await owner.query('select pg_terminate_backend(pid, $2) from unnest($1::int[]) as pid', [cut, CUT_TIMEOUT_MS]);
}

function connectOwner(ownerUrl: string): pg.Pool {
  const owner = new pg.Pool({ connectionString: ownerUrl, application_name: 'weir ledger harness', max: 1 });
  owner.on('error', () => undefined);
  return owner;
}

/** The few rows that organizations and credits refer to. */
async function seedReferences(owner: pg.Pool): Promise<void> {
  await owner.query(
    `insert into weir.business_types (slug, name) values ('harness', 'Harness') on conflict do nothing`,
  );
  await owner.query(
    `insert into weir.users (id, name, email) values ($1, 'Harness', 'harness@example.test') on conflict do nothing`,
    [OWNER_ID],
  );
  await owner.query(`insert into weir.plans (slug, level, name, max_custom_models, can_create_custom_models, can_use_credits)
     values ('free', 0, 'Free', 0, false, true) on conflict do nothing`);
  await owner.query(
    `insert into weir.credit_types (slug, name) values ('lead_generation', 'Leads'), ('goal_generation', 'Goals') on conflict do nothing`,
  );
}
