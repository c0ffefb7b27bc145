/**
 * Owns: reading the migration files: names, order, hashes, marks. Does not own: running them (`migrate.ts`).
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One forward-only SQL file. */
export interface Migration {
  /** `000001_roles`: the file's name without `.sql`. */
  name: string;
  sequence: number;
  sql: string;
  /** SHA-256 of the text in hex, line ends made `\n` so that a checkout on Windows hashes the same. */
  hash: string;
  /** Marked `breaking` on its first line: the release before can't work with the schema after it. */
  breaking: boolean;
  /** Marked `run as login` on its first line: runs as the migrating login rather than as weir_owner. */
  asLogin: boolean;
}

const FILE_NAME = /^(\d{6})_[a-z0-9_]+\.sql$/;
const MARKS = /^--\s*(breaking|run as login)(,\s*(breaking|run as login))?\s*$/;

/** The folder of the committed migrations. */
export const MIGRATIONS_DIRECTORY = join(import.meta.dirname, 'migrations');

/** Reads a folder of migrations in order. Throws on a misnamed file or a number used twice. */
export async function readMigrations(directory: string = MIGRATIONS_DIRECTORY): Promise<Migration[]> {
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(directory, file)));
  for (const [index, migration] of migrations.entries()) {
    const before = migrations[index - 1];
    if (before?.sequence === migration.sequence) {
      throw new Error(`migrations ${before.name} and ${migration.name} have the same number`);
    }
  }
  return migrations;
}

async function readMigration(directory: string, file: string): Promise<Migration> {
  const digits = FILE_NAME.exec(file)?.[1];
  if (digits === undefined) throw new Error(`migration ${file} must be named like 000012_what_it_does.sql`);
  const sql = (await readFile(join(directory, file), 'utf8')).replaceAll('\r\n', '\n');
  const marks = MARKS.exec(sql.slice(0, sql.indexOf('\n') + 1).trim())?.[0] ?? '';
  return {
    name: file.slice(0, -'.sql'.length),
    sequence: Number(digits),
    sql,
    hash: createHash('sha256').update(sql).digest('hex'),
    breaking: marks.includes('breaking'),
    asLogin: marks.includes('run as login'),
  };
}
