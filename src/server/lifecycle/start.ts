// Owns: the order in which a server starts: database, schema, seeds, facts, ledger, listening. Not: what the parts are (compose.ts), ending them
// (shutdown.ts), or the process around it (run.ts).

import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { connectDedicated } from '../../database/pool.ts';
import { loadOrCreateMasterKey } from '../../database/secrets/master-key.ts';
import { loadPreviousMasterKeys } from '../../database/secrets/master-key-change.ts';
import { seedReference } from '../../database/seeds/index.ts';
import type { SeedClient } from '../../database/seeds/seed-client.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { createSandboxServer } from '../../providers/sandbox/sandbox-server.ts';
import { composeServer, type Parts } from '../compose/compose.ts';
import type { Log, LogLines } from '../logging/log.ts';
import { assertMasterKeysFit } from '../secrets/master-key-check.ts';
import type { Config } from '../settings/config.ts';
import { hasSuperadmin } from '../superadmin-rows.ts';
import { prepareSchema, startDatabase } from './database-start.ts';
import { prepareDemo } from './demo.ts';
import { createEndings, drainServer } from './shutdown.ts';
import { type DemoFile, prepareDirectory, removeServerFile, writeServerFile } from './state-files.ts';

/** What a server is started with. */
export interface StartOptions {
  readonly config: Config;
  readonly clock: Clock;
  /** How far a clock that tests move is ahead, in milliseconds; at the start it is not. */
  readonly aheadMs?: () => number;
  readonly random: Random;
  readonly log: Log;
  /** For the line that each call leaves. */
  readonly logLines: LogLines;
}

/** A server that answers. */
export interface RunningServer {
  /** Where people reach it: `http://localhost:8787`. */
  readonly url: string;
  readonly isEmbedded: boolean;
  readonly demo: { readonly file: DemoFile; readonly path: string } | null;
  /** Lets calls end, brings settlements home, closes everything, the embedded database last. May be called twice. */
  stop(): Promise<void>;
}

/** Starts everything. Throws with what to do when something is in the way; what had been started is ended by then. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { config, clock, random, log } = options;
  const directory = resolve(config.directory);
  const endings = createEndings(log);
  try {
    await prepareDirectory(directory);
    const database = await startDatabase({ config, directory, log });
    endings.add('database', database.stop);
    await prepareSchema({ database, mode: config.mode, log });
    const keys = await loadMasterKeys(options, { directory, databaseUrl: database.url });
    await asService(database.url, (client) => prepareReference(client, options));
    const isSoleOwner = database.isEmbedded;
    const writeDemo = async (url: string): Promise<DemoFile | null> =>
      config.demo
        ? asService(database.url, (client) => prepareDemo({ client, directory, url, isSoleOwner, clock, random }))
        : null;
    const sandboxUrl = config.sandbox ? await startSandbox(clock, endings.add) : null;
    const { url: databaseUrl, migrationUrl } = database;
    const parts = await composeServer({ ...options, ...keys, databaseUrl, migrationUrl, sandboxUrl, directory });
    endings.add(
      'pools',
      async () => void (await Promise.all([parts.database.close(), parts.service.close(), parts.control.close()])),
    );
    endings.add('upstream', parts.upstream.destroy);
    endings.add('ledger', parts.store.close);
    endings.add('settlements', parts.book.close);
    endings.add('facts', parts.snapshot.close);
    await parts.snapshot.start();
    await parts.store.open();
    // In the background: what the last process left settles beside new calls.
    parts.journal
      .replay(parts.store)
      .catch((error: unknown) => log.error({ error }, 'the journal could not be replayed'));

    // The keys of a fresh world exist nowhere else: they are on disk before anything else can fail.
    let demoFile = await writeDemo(urlOf(config.host, config.port));
    await parts.app.listen({ host: config.host, port: config.port });
    endings.add('http', async () => void (await parts.app.close()));
    const { port } = parts.app.server.address() as AddressInfo;
    const url = urlOf(config.host, port);
    if (demoFile !== null && demoFile.url !== url) demoFile = await writeDemo(url);
    await writeServerFile(directory, {
      pid: process.pid,
      url,
      database: database.isEmbedded && migrationUrl !== null ? { url: databaseUrl, migrationUrl } : null,
    });
    endings.add('server file', () => removeServerFile(directory, process.pid));
    const tasks = tasksOf(parts);
    for (const [name, task] of Object.entries(tasks)) {
      task.start();
      endings.add(name, task.stop);
    }
    parts.lifecycle.enter('ready');
    log.info({ url, mode: config.mode, sandbox: config.sandbox, embedded: database.isEmbedded }, 'ready');

    let stopped: Promise<void> | undefined;
    return {
      url,
      isEmbedded: database.isEmbedded,
      demo: demoFile === null ? null : { file: demoFile, path: join(config.directory, 'demo.json') },
      stop: () => {
        stopped ??= drainServer({ parts, config, log }).then(endings.run);
        return stopped;
      },
    };
  } catch (error) {
    await endings.run();
    throw error;
  }
}

/** Reference data. Where no demo world follows, whoever starts this for the first time is told how to get in. */
async function prepareReference(client: SeedClient, { config, clock, random, log }: StartOptions): Promise<void> {
  await seedReference(client, { clock, random, sandbox: config.sandbox });
  if (config.demo || (await hasSuperadmin(client))) return;
  log.warn({}, 'nobody administers this Weir: "weir user create-superadmin --email <address>" makes a superadmin');
}

/** What is done from time to time, by the name that its end is logged under. */
function tasksOf({ maintenance, controlPlane, keyUse, denialTraces, outside }: Parts) {
  const traces = { 'traces of denials': denialTraces.rounds };
  return { maintenance, jobs: controlPlane.jobs, 'use of keys': keyUse.rounds, ...traces, mail: outside };
}

/** The present key, made on the first start, and those that what is stored may still be sealed under. Throws where none of them fits it. */
async function loadMasterKeys(
  { config, random }: StartOptions,
  { directory, databaseUrl }: { readonly directory: string; readonly databaseUrl: string },
) {
  const masterKey = config.masterKey ?? (await loadOrCreateMasterKey({ directory, env: {}, random }));
  const previousMasterKeys = await loadPreviousMasterKeys(config, directory);
  await assertMasterKeysFit(databaseUrl, [masterKey, ...previousMasterKeys]);
  return { masterKey, previousMasterKeys };
}

/** A connection of its own as `weir_service`, for the time of some work. */
export async function asService<T>(url: string, work: (client: SeedClient) => Promise<T>): Promise<T> {
  const client = await connectDedicated({ url, role: 'weir_service', applicationName: 'weir seed' });
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function startSandbox(
  clock: Clock,
  addEnding: (name: string, end: () => Promise<void>) => void,
): Promise<string> {
  const sandbox = createSandboxServer({ clock });
  const { url } = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  addEnding('sandbox', sandbox.close);
  return `${url}/v1`;
}

/** Addresses that stand for every interface, or this machine, are reached as localhost. */
function urlOf(host: string, port: number): string {
  const isHere = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(host);
  const name = isHere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
