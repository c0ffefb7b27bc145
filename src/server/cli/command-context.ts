// Owns: what every command is handed: settings, log, where to write. Not: any command.

import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { Log } from '../logging/log.ts';
import type { Config } from '../settings/config.ts';

/** What a command works with. */
export interface CommandContext {
  readonly config: Config;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** What was asked for; the one thing on standard output. */
  readonly print: (text: string) => void;
  /** What is told beside it, on standard error. */
  readonly tell: (text: string) => void;
}

/** A fault of the person's, told without a stack. The exit code is 1. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
