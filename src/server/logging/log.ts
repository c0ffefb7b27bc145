// Owns: the server's log: pino, what of an error is written, no secret in any line. Not: what the parts log, or where a line ends up.

import pino from 'pino';
import { WeirError } from '../../primitives/errors.ts';
import { hideSecretsBehindTheirKind } from '../../primitives/secret-looks.ts';
import type { Config } from '../settings/config.ts';
import { gatherLines } from './gathered-lines.ts';
import { formatForPeople } from './log-text.ts';

/** The log that every part writes to: fields first, then the sentence. */
export type Log = pino.Logger;

/** Where a line goes that is JSON already, with its level, time and line feed, and holds nothing that has to be hidden. */
export interface LogLines {
  write(line: string): void;
}

/** A log with its end. */
export interface RunningLog {
  readonly log: Log;
  readonly lines: LogLines;
  /** Writes out what is still in memory; resolves when it is written. For the moment before the process ends. Never rejects. */
  flush(): Promise<void>;
}

const HIDDEN = '[hidden]';

/** So much waits for a reader of the log that is slow or gone; what comes then is lost, and said. */
const WAITING_BYTES_MAX = 16 * 1024 * 1024;

/** Names of fields that are never written, at the top or one below: those of secrets, and those of what people say. */
const HIDDEN_FIELDS = new Set([
  ...['authorization', 'cookie', 'password', 'secret', 'apiKey', 'key', 'token', 'headers', 'body'],
  ...['messages', 'prompt', 'input', 'content', 'completion'],
]);

/** Makes the log. Lines are written without waiting; `flush` before the process ends. */
export function createLog(options: Pick<Config, 'logLevel' | 'logFormat'> & { readonly fd?: number }): RunningLog {
  const dest = options.fd ?? 1;
  const destination = pino.destination({ dest, sync: false, maxLength: WAITING_BYTES_MAX });
  // A reader that went away (`npm start | head`) must not end the server.
  destination.on('error', () => {});
  // What pino does last of all in a process that exits: write what waits until the reader has it, for ever where that one stalls or is gone. Our `flush` came before.
  destination.flushSync = () => {};
  const gathered = gatherLines(destination);
  const log = pino(
    {
      level: options.logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Instead of pino's `redact`, which costs 30 µs a line with this list; this costs less than one.
      formatters: { level: (label) => ({ level: label }), log: (fields) => hideFields(fields, 1) },
      serializers: { error: describeError, err: describeError },
      hooks: { streamWrite: options.logFormat === 'text' ? (line) => formatForPeople(hideSecrets(line)) : hideSecrets },
    },
    gathered,
  );
  sayWhatWasLost(destination, log);
  const toText = options.logFormat === 'text' ? formatForPeople : (line: string) => line;
  return { log, lines: { write: (line) => gathered.write(toText(line)) }, flush: gathered.flush };
}

/** Once the reader of the log reads again, it is told how many lines it did not get. */
function sayWhatWasLost(destination: ReturnType<typeof pino.destination>, log: Log): void {
  let lost = 0;
  destination.on('drop', (lines: string) => {
    lost += lines.split('\n').length - 1;
  });
  destination.on('drain', () => {
    if (lost === 0) return;
    log.warn({ lines: lost }, 'lines of the log were lost: whoever reads it was too slow');
    lost = 0;
  });
}

/** Replaces what looks like a secret. */
export function hideSecrets(line: string): string {
  return hideSecretsBehindTheirKind(line, HIDDEN);
}

/** The same fields with the hidden ones hidden, so many levels down; a copy only where there is one. */
function hideFields(fields: Record<string, unknown>, levels: number): Record<string, unknown> {
  let safe = fields;
  for (const name in fields) {
    const value = fields[name];
    const kept = HIDDEN_FIELDS.has(name)
      ? HIDDEN
      : levels > 0 && isPlainObject(value)
        ? hideFields(value, levels - 1)
        : value;
    if (kept === value) continue;
    if (safe === fields) safe = { ...fields };
    safe[name] = kept;
  }
  return safe;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** How deep a chain of causes is written. */
const CAUSE_DEPTH_MAX = 3;

/**
 * What is written of an error: its kind, code, message, internal detail and stack. Not the fields that `pg` adds (`detail`, `where`, `parameters`):
 * they quote rows.
 */
function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : typeof error;
  const code = (error as Error & { code?: unknown }).code;
  const cause =
    error.cause === undefined || depth >= CAUSE_DEPTH_MAX ? undefined : describeError(error.cause, depth + 1);
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message,
    ...(error instanceof WeirError && error.internal !== undefined ? { internal: error.internal } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(cause === undefined ? {} : { cause }),
  };
}
