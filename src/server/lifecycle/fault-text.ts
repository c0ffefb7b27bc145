// Owns: what a person reads of a fault that ends a start or a command: one sentence with what to do where they can do something, else the stack. Not: secrets in
// it (log.ts), or where it is printed.

import { BackupError } from '../../database/backup/index.ts';
import { EmbeddedPostgresError } from '../../database/embedded/error.ts';
import { isDatabaseUnavailable } from '../../database/failures.ts';
import { SchemaVersionError } from '../../database/schema-version.ts';
import { SecretBoxError } from '../../database/secrets/secret-box.ts';
import { CommandError } from '../cli/command-context.ts';
import { type Config, ConfigError } from '../settings/config.ts';
import { DatabaseLoginError } from './database-checks.ts';

/** Faults whose message says what to do. */
const TOLD = [
  ...[BackupError, CommandError, ConfigError, DatabaseLoginError, EmbeddedPostgresError, SchemaVersionError],
  SecretBoxError,
];

/** PostgreSQL does not know the login, its password or the database. */
const NOT_LET_IN = new Set(['28000', '28P01', '3D000']);
const INSUFFICIENT_PRIVILEGE = '42501';
/** Texts without a code: the time to connect is over; the server has no TLS, or a certificate that nobody vouches for. */
const CONNECT_TEXT = /timeout expired|does not support SSL|certificate|no encryption/i;
/** What the file system says where the folder is not ours, is a file, is read-only, or is full. */
const FILE_CODES = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EEXIST', 'ENOTDIR']);

/** The text, as a part of a sentence. `config` null: the settings are what could not be read. */
export function describeFault(error: unknown, config: Pick<Config, 'port' | 'database'> | null): string {
  if (!(error instanceof Error)) return String(error);
  if (TOLD.some((kind) => error instanceof kind)) return error.message;
  const told = config === null ? undefined : (tellOfPort(error, config) ?? tellOfDatabase(error, config));
  return told ?? tellOfFolder(error) ?? error.stack ?? error.message;
}

function tellOfPort(error: NodeJS.ErrnoException, { port }: Pick<Config, 'port'>): string | undefined {
  if (error.code === 'EADDRINUSE') return `port ${port} is taken: stop the other server, or set PORT`;
  if (error.code === 'EACCES' && error.syscall === 'listen')
    return `port ${port} needs more rights: set PORT to one above 1023`;
  return undefined;
}

function tellOfDatabase(error: NodeJS.ErrnoException, { database }: Pick<Config, 'database'>): string | undefined {
  if (database === null) return undefined;
  const { code = '', message } = error;
  if (code === INSUFFICIENT_PRIVILEGE)
    return `the login of the database may not do this: ${message}; name one that may in DATABASE_MIGRATION_URL`;
  // A certificate that is refused has a code of Node's for each reason.
  const isRefused = NOT_LET_IN.has(code) || CONNECT_TEXT.test(message);
  if (!isRefused && !isDatabaseUnavailable(error)) return undefined;
  return `the database of DATABASE_URL can't be used: ${message || code}`;
}

function tellOfFolder(error: NodeJS.ErrnoException): string | undefined {
  if (error.path === undefined || !FILE_CODES.has(error.code ?? '')) return undefined;
  return `${error.message}; WEIR_DIRECTORY has to name a folder with room that the user who runs Weir may write`;
}
