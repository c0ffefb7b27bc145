// Proves: kill -9 of PostgreSQL under load, embedded or given, costs no booked call; meanwhile calls are refused, soon after they are served again.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { Agent } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.ts';
import { silentLog } from '../../src/database/log.ts';
import { migrate } from '../../src/database/migrate.ts';
import {
  makeScratchDirectory,
  type ScratchDirectory,
  THROW_AWAY_SETTINGS,
} from '../../src/database/testing/scratch-directory.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { readServerFile } from '../../src/server/lifecycle/state-files.ts';
import {
  type Books,
  expectBooksToClose,
  expectOnlyHonestRefusals,
  expectToBeBookedAsTold,
  untilNothingIsHeld,
} from '../support/books.ts';
import { makeCall } from '../support/chaos-call.ts';
import { chaosRandom, isFull, sized, tell } from '../support/chaos-sizes.ts';
import { type ChaosWorld, createChaosWorld } from '../support/chaos-world.ts';
import { type Crowd, planCall, startCrowd } from '../support/crowd.ts';
import { createFleet, type Fleet, PRODUCT_PATIENCE } from '../support/server-fleet.ts';
import { until } from '../support/until.ts';

const KILLS = sized(3, 50);
const CLIENTS = 16;
const CALLS_BETWEEN = { least: 20, more: 100 };
/** What the product promises, checked where the machine is ours; in every run it is told. */
const SERVING_AGAIN_WITHIN_MS = 10_000;
const TIMEOUT_MS = 120_000 + KILLS * 60_000;

let fleet: Fleet | undefined;
let postgres: EmbeddedPostgres | undefined;
let scratch: ScratchDirectory | undefined;
afterEach(async () => {
  await fleet?.close();
  await postgres?.stop();
  await scratch?.remove();
  fleet = undefined;
  postgres = undefined;
  scratch = undefined;
}, 60_000);

async function withOwner<Result>(url: string, work: (owner: pg.Client) => Promise<Result>): Promise<Result> {
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

/** Resolves with how long it took until a call was answered whole. */
async function untilServing(options: { world: ChaosWorld; url: string; sinceMs: number }): Promise<number> {
  const agent = new Agent();
  const plan = {
    ...({ protocol: 'chat', model: 'sandbox-chat', stream: false, directives: 'tokens=2', maxTokens: 10 } as const),
    ...{ url: options.url, key: options.world.organizations[0]?.key ?? '' },
  };
  await until('calls are served again', async () => (await makeCall(plan, agent)).told !== null);
  await agent.destroy();
  return systemClock.monotonicMs() - options.sinceMs;
}

/** What must be true at the end, whichever database it was. The server lived, so it knows how each call ended: no end is estimated. */
async function expectNothingWasLost(ownerUrl: string, crowd: Crowd): Promise<Books> {
  return withOwner(ownerUrl, async (owner) => {
    await untilNothingIsHeld(owner);
    const books = await expectBooksToClose(owner);
    expect(books).toMatchObject({ estimated: 0, corrected: 0 });
    await expectToBeBookedAsTold(owner, crowd.acknowledged());
    return books;
  });
}

function report(name: string, figures: { crowd: Crowd; books: Books; waits: readonly number[]; more: object }): void {
  const { crowd, books, waits, more } = figures;
  const servingAgainMsMax = Math.round(Math.max(...waits));
  tell(name, {
    kills: KILLS,
    calls: crowd.outcomes.length,
    acknowledged: crowd.acknowledged().length,
    ...books,
    ...more,
    servingAgainMsMax,
  });
  if (isFull()) expect(servingAgainMsMax).toBeLessThan(SERVING_AGAIN_WITHIN_MS);
}

test(
  `the embedded PostgreSQL may be killed ${KILLS} times under load: it comes back by itself, and with it the calls`,
  async () => {
    const random = chaosRandom('killed embedded database');
    fleet = createFleet(PRODUCT_PATIENCE);
    const seat = await fleet.addSeat();
    const url = await seat.start();
    const directory = join(seat.directory, '.weir');
    const ownerUrl = (await readServerFile(directory))?.database?.migrationUrl ?? '';
    const world = await withOwner(ownerUrl, (owner) => createChaosWorld(owner, { organizations: 5 }));
    const agent = new Agent();
    const everyOffer = { ...planCall({ world, urls: [url], random }), model: 'feature:chaos' };
    await until('the new feature is known', async () => (await makeCall(everyOffer, agent)).told !== null);
    await agent.destroy();
    /** First line and state of PostgreSQL's own lock file. */
    const readPostmaster = async () => {
      const lines = (await readFile(join(directory, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '')).split(
        '\n',
      );
      return { pid: Number(lines[0]), isReady: lines[7]?.trim() === 'ready' };
    };

    const crowd = startCrowd({ world, urls: [url], clients: CLIENTS, random });
    const waits: number[] = [];
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const wanted = crowd.acknowledged().length + CALLS_BETWEEN.least + random.below(CALLS_BETWEEN.more);
        await until('calls are answered between kills', () => crowd.acknowledged().length >= wanted);
        const { pid } = await readPostmaster();
        const killedAtMs = systemClock.monotonicMs();
        process.kill(pid, 'SIGKILL');
        await until('PostgreSQL runs again', async () => {
          const now = await readPostmaster();
          return now.pid !== pid && now.isReady;
        });
        waits.push(await untilServing({ world, url, sinceMs: killedAtMs }));
      }
    } finally {
      await crowd.stop();
    }
    const books = await expectNothingWasLost(ownerUrl, crowd);
    const refusals = expectOnlyHonestRefusals(crowd.outcomes);
    report('killed embedded database', { crowd, books, waits, more: { refusals } });
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
    expect(await seat.end('SIGTERM')).toEqual({ code: 0, signal: null });
  },
  TIMEOUT_MS,
);

test(
  `a given PostgreSQL may be killed ${KILLS} times under load: calls are refused with 503 until it is back, and served again then`,
  async () => {
    const random = chaosRandom('killed given database');
    scratch = await makeScratchDirectory(`weir-chaos-${process.pid}-database-`);
    const options = { directory: scratch.path, log: silentLog, settings: THROW_AWAY_SETTINGS };
    postgres = await startEmbeddedPostgres(options);
    const { url: databaseUrl, ownerUrl } = postgres;
    await migrate({ connectionString: ownerUrl, log: silentLog });
    const world = await withOwner(ownerUrl, (owner) => createChaosWorld(owner, { organizations: 5 }));
    fleet = createFleet({ ...PRODUCT_PATIENCE, DATABASE_URL: databaseUrl, DATABASE_MIGRATION_URL: ownerUrl });
    const seat = await fleet.addSeat();
    const url = await seat.start();

    const crowd = startCrowd({ world, urls: [url], clients: CLIENTS, random });
    const waits: number[] = [];
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const wanted = crowd.acknowledged().length + CALLS_BETWEEN.least + random.below(CALLS_BETWEEN.more);
        await until('calls are answered between kills', () => crowd.acknowledged().length >= wanted);
        const before = crowd.outcomes.length;
        process.kill(postgres.pid, 'SIGKILL');
        // It would be started again at once; a given database takes its time.
        await postgres.stop();
        await until('calls are refused', () => crowd.outcomes.slice(before).some(({ status }) => status === 503));
        expect((await fetch(`${url}/healthz`)).status).toBe(200);
        postgres = await startEmbeddedPostgres(options);
        waits.push(await untilServing({ world, url, sinceMs: systemClock.monotonicMs() }));
      }
      await until('the server says that it is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
    } finally {
      await crowd.stop();
    }
    const books = await expectNothingWasLost(ownerUrl, crowd);
    const refusals = expectOnlyHonestRefusals(crowd.outcomes);
    report('killed given database', { crowd, books, waits, more: { refusals } });
    expect(await fleet.verifyLedger()).toMatchObject({ code: 0, stdout: 'drift 0\n' });
    expect(await seat.end('SIGTERM')).toEqual({ code: 0, signal: null });
  },
  TIMEOUT_MS,
);
