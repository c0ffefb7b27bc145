// Owns: the process around a server: settings, signals, faults that nobody caught, the exit code, what is printed. Not: the server (start.ts).

import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { logConsole } from '../logging/console-lines.ts';
import { createLog, hideSecrets, type Log, type RunningLog } from '../logging/log.ts';
import { type Config, ConfigError, type Environment, readConfig } from '../settings/config.ts';
import { readSettings } from '../settings/settings-file.ts';
import { renderAnnouncement } from './announcement.ts';
import { describeFault } from './fault-text.ts';
import { type RunningServer, startServer } from './start.ts';

/** Supervisors signal every process they started, and those pass it on to us (scripts/task.mjs): what follows so soon is the same wish, not a second one. */
const ECHO_MS = 250;

/** What the process is given. */
export interface RunOptions {
  readonly environment: Environment;
  /** Check the settings and do nothing else. */
  readonly checkConfig: boolean;
}

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
/** What shells expect of a process that a signal ended: 128 and its number. */
const SIGNAL_EXIT_CODES: Readonly<Record<(typeof SIGNALS)[number], number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/**
 * Runs a server in this process until a signal ends it: the first one lets calls finish (exit 0), a second ends it at once. Exits 1 when the server can't
 * start, or when a fault was caught by nobody.
 */
export async function runServer({ environment, checkConfig }: RunOptions): Promise<void> {
  const config = await readConfigOrExit(environment);
  if (checkConfig) {
    process.stdout.write(`The settings are right (${config.mode}).\n`);
    process.exit(0);
  }
  const running = createLog(config);
  const { log } = running;
  exitOnUncaughtFaults(running);
  logConsole(console, log);
  // A reader that went away (`npm start | head`) must not end the server.
  process.stdout.on('error', () => {});
  warnOfSettings(config, log);

  const starting = startServer({
    config,
    clock: systemClock,
    random: createSystemRandom(),
    log,
    logLines: running.lines,
  });
  stopWhenAsked(starting, running, environment.npm_lifecycle_event !== undefined);
  try {
    const server = await starting;
    // Loading the code leaves some 70 MB that V8 keeps until more is asked of it; `npm start` lets us ask. A tenth of a second.
    await globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    if (config.mode === 'development') {
      // What was logged so far comes first.
      await running.flush();
      process.stdout.write(renderAnnouncement({ config, ...server }));
    }
  } catch (error) {
    log.debug({ error }, 'could not start');
    await running.flush();
    process.stderr.write(`Weir could not start: ${hideSecrets(describeFault(error, config))}\n`);
    process.exit(1);
  }
}

/** What is allowed and most often not meant. */
function warnOfSettings(config: Config, log: Log): void {
  for (const name of config.unknown) log.warn({ setting: name }, 'there is no such setting; see docs/configuration.md');
  const isLoopback = config.host === 'localhost' || config.host === '::1' || config.host.startsWith('127.');
  if (!isLoopback && config.metricsToken === null)
    log.warn({ host: config.host }, '/metrics is open to whoever reaches the port; WEIR_METRICS_TOKEN closes it');
  if (config.signIn.publicUrl === null && config.mode === 'production')
    log.warn({}, 'people reach Weir at localhost alone: links in mails and sign-in need WEIR_PUBLIC_URL');
  if (config.mail === null && config.mode === 'production')
    log.warn({}, 'mail is kept in the database and read with "weir mail"; WEIR_SMTP_URL sends it');
}

async function readConfigOrExit(environment: Environment): Promise<Config> {
  try {
    return readConfig(await readSettings(environment, process.cwd()));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`Weir could not start: ${error.message}\n`);
    process.exit(1);
  }
}

/** How often a server that npm started looks whether npm is still there. */
const PARENT_CHECK_MS = 500;

function stopWhenAsked(starting: Promise<RunningServer>, running: RunningLog, isChildOfNpm: boolean): void {
  const { log, flush } = running;
  let isStopping = false;
  let stoppingSinceMs = 0;
  const stop = (reason: string): void => {
    isStopping = true;
    stoppingSinceMs = systemClock.monotonicMs();
    log.info({ reason }, 'stopping');
    // A start under way comes to its end first. If it fails, `runServer` says so and exits.
    starting
      .then((server) => server.stop())
      .then(
        async () => {
          log.info({}, 'stopped');
          await flush();
          process.exit(0);
        },
        () => {},
      );
  };
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (!isStopping) {
        stop(signal);
        return;
      }
      if (systemClock.monotonicMs() - stoppingSinceMs < ECHO_MS) return;
      log.warn({ signal }, 'ending at once');
      void flush().then(() => process.exit(SIGNAL_EXIT_CODES[signal]));
    });
  }
  if (!isChildOfNpm || process.platform === 'win32') return;
  // npm hands a signal to the shell between us, which ends without telling anybody: we would be left behind, holding the port.
  const parent = process.ppid;
  const look = (): void => {
    if (process.ppid !== parent && !isStopping) stop('npm has ended');
  };
  setInterval(look, PARENT_CHECK_MS).unref();
}

/** A fault that nobody caught leaves the process in an unknown state. The embedded database ends by itself when we are gone. */
function exitOnUncaughtFaults({ log, flush }: RunningLog): void {
  const end = (error: unknown): void => {
    log.fatal({ error }, 'a fault that nobody caught');
    void flush().then(() => process.exit(1));
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}
