/**
 * Owns: the committed list of migrations in the order in which they were added. A database in use may have run all that stands in it, so a listed file
 * does not change any more and a new one is numbered above it. Does not own: what a server does with them (`migrate.ts`).
 */
import type { Migration } from '../migration-files.ts';

/** What the list needs of a migration. */
export type ListedMigration = Pick<Migration, 'name' | 'hash'>;

/**
 * The list with the migrations that it does not have, one line each: name and hash.
 * @throws {Error} for a listed migration that changed or is gone, and for a new one numbered below a listed one
 */
export function extendMigrationList(list: string, migrations: readonly ListedMigration[]): string {
  const listed = readList(list);
  const hashes = new Map(migrations.map(({ name, hash }) => [name, hash]));
  for (const { name, hash } of listed) {
    if (hashes.get(name) === hash) continue;
    const what = hashes.has(name) ? 'changed' : 'is gone';
    throw new Error(
      `Migration ${name} ${what} after it was listed: databases that ran it would refuse to start. Write a new migration; only for one that never left your branch, take its line out of migrations.lock.`,
    );
  }
  const known = new Set(listed.map(({ name }) => name));
  const last =
    listed
      .map(({ name }) => name)
      .sort()
      .at(-1) ?? '';
  const added = migrations.filter(({ name }) => !known.has(name));
  const early = added.find(({ name }) => name < last);
  if (early !== undefined)
    throw new Error(
      `Migration ${early.name} is numbered below ${last}, which databases in use may have run: they would refuse to start. Give it a number above.`,
    );
  return [...listed, ...added].map(({ name, hash }) => `${name} ${hash}\n`).join('');
}

function readList(list: string): ListedMigration[] {
  return list
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', hash = ''] = line.split(' ');
      return { name, hash };
    });
}
