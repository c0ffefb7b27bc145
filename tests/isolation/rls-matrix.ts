// Owns: holding every table against its line, row by row, and saying in words where they differ. Not: the lines (rls-expectations.ts) or trying things
// (rls-probe.ts).

import type pg from 'pg';
import type { Table } from './rls-catalogue.ts';
import type { Cell, Line } from './rls-expectations.ts';
import { IDENTITIES, type Identity, type IdentityName } from './rls-identities.ts';
import { COMMANDS, probe } from './rls-probe.ts';
import type { World, WorldRow } from './rls-world.ts';

/** Whose cell stands for an identity that a line leaves out. */
const STANDS_FOR: Readonly<Partial<Record<IdentityName, IdentityName>>> = {
  dual: 'member',
  admin: 'member',
  owner: 'admin',
  otherAdmin: 'admin',
  impersonator: 'owner',
  token: 'member',
  superadmin: 'platformAdmin',
};

/** Tables without a line, lines without a table, and tables of which no row could be made: each as a sentence. */
export function findUnlisted(tables: readonly Table[], lines: Readonly<Record<string, Line>>, world: World): string[] {
  const names = new Set(tables.map(({ name }) => name));
  return [
    ...tables.filter(({ name }) => !(name in lines)).map(({ name }) => `${name} has no line in rls-expectations.ts`),
    ...Object.keys(lines)
      .filter((name) => !names.has(name))
      .map((name) => `${name} has a line, but is no table`),
    ...tables
      .filter(({ name }) => (world.get(name) ?? []).length === 0)
      .map(({ name }) => `no row of ${name} was made`),
  ];
}

/** Tries everything on one table. Gives a sentence for each cell that is not as its line says. */
export async function checkTable(client: pg.Client, table: Table, line: Line, world: World): Promise<string[]> {
  const rows = world.get(table.name) ?? [];
  const faults: string[] = [];
  for (const [name, identity] of Object.entries(IDENTITIES) as [IdentityName, Identity][]) {
    const cell = cellOf(line, name);
    const reached = await probe(client, identity, { table, rows });
    for (const command of COMMANDS) {
      const expected = rows.filter((row) => isInScope(row, cell[command], identity)).map(describe);
      const actual = rows.filter(({ key }) => reached[command].has(key)).map(describe);
      // Rows that triggers made besides the world's: whoever reaches none of the world's reaches none of those.
      const more = reached[command].size - actual.length;
      if (expected.join() === actual.join() && (more === 0 || expected.length > 0)) continue;
      const extra = more > 0 ? ` and ${more} more` : '';
      faults.push(`${table.name}: ${name} may ${command} [${expected.join(', ')}], did [${actual.join(', ')}]${extra}`);
    }
  }
  return faults;
}

function cellOf(line: Line, name: IdentityName): Cell {
  const own = line[name];
  if (own !== undefined) return own;
  const other = STANDS_FOR[name];
  return other === undefined ? {} : cellOf(line, other);
}

function isInScope(row: WorldRow, scope: string | undefined, identity: Identity): boolean {
  if (scope === undefined) return false;
  return scope.split(' + ').some((term) => term.split(' ').every((word) => holds(word, row, identity)));
}

function holds(word: string, row: WorldRow, identity: Identity): boolean {
  if (word === 'all') return true;
  if (word === 'own') return row.user !== null && row.user === identity.person;
  if (word === 'organization') return row.organization !== null && row.organization === identity.organization;
  if (word === 'platform') return row.organization === null;
  if (word === 'by-me') return row.tags.includes(`by-${identity.person}`);
  if (word.startsWith('#')) return row.tags.includes(word.slice(1));
  if (word.startsWith('!#')) return !row.tags.includes(word.slice(2));
  throw new Error(`"${word}" is no word of a scope`);
}

/** `A/memberA#proxy`: organization, person, what sets it apart. */
function describe({ organization, user, tags }: WorldRow): string {
  return `${organization ?? 'platform'}${user === null ? '' : `/${user}`}${tags.map((tag) => `#${tag}`).join('')}`;
}
