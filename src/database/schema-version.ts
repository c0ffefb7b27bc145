/**
 * Owns: comparing what a database has applied with what this code knows. Does not own: applying anything.
 */
import type { Migration } from './migration-files.ts';

/** One row of `weir_meta.migrations`. */
export interface AppliedMigration {
  name: string;
  sequence: number;
  hash: string;
  breaking: boolean;
}

/** Where the schema stands beside the code. Only `current` and `newer-compatible` may serve. */
export type SchemaVersion =
  | { state: 'current' }
  | { state: 'newer-compatible'; unknown: string[] }
  | { state: 'newer-breaking'; unknown: string[] }
  | { state: 'older'; pending: string[] }
  | { state: 'changed'; changed: string[] };

/** A schema this code can't work with, or a set of migrations that may not run; the message says what to do. */
export class SchemaVersionError extends Error {
  override readonly name = 'SchemaVersionError';
  readonly version: SchemaVersion;

  constructor(version: SchemaVersion, message: string) {
    super(message);
    this.version = version;
  }
}

/**
 * Compares applied with known migrations. Releases N and N+1 run side by side, so a newer schema is fine unless one of the
 * unknown migrations is marked breaking.
 */
export function compareSchema(applied: readonly AppliedMigration[], known: readonly Migration[]): SchemaVersion {
  const byName = new Map(known.map((migration) => [migration.name, migration]));
  const changed = applied.filter((row) => (byName.get(row.name)?.hash ?? row.hash) !== row.hash);
  if (changed.length > 0) return { state: 'changed', changed: changed.map((row) => row.name) };
  const appliedNames = new Set(applied.map((row) => row.name));
  const pending = known.filter((migration) => !appliedNames.has(migration.name));
  if (pending.length > 0) return { state: 'older', pending: pending.map((migration) => migration.name) };
  const unknown = applied.filter((row) => !byName.has(row.name));
  if (unknown.length === 0) return { state: 'current' };
  const names = unknown.map((row) => row.name);
  return { state: unknown.some((row) => row.breaking) ? 'newer-breaking' : 'newer-compatible', unknown: names };
}

/** Throws `SchemaVersionError` unless the code may serve with this schema. */
export function assertServable(version: SchemaVersion): void {
  if (version.state === 'older') {
    throw new SchemaVersionError(version, `the database lacks ${list(version.pending)}; run "weir migrate" first`);
  }
  if (version.state === 'newer-breaking') {
    throw new SchemaVersionError(
      version,
      `the database has ${list(version.unknown)}, which this release does not know and which break it; run the newer release`,
    );
  }
  if (version.state === 'changed') throw new SchemaVersionError(version, changedText(version.changed));
}

/** What to say of applied migrations whose files are not what they were. */
export function changedText(names: readonly string[]): string {
  return `${list(names)} changed after being applied; restore the file and put the change into a new migration`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return `migration${names.length === 1 ? '' : 's'} ${shown}${names.length > 5 ? `, … (${names.length} in all)` : ''}`;
}
