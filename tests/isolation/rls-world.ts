// Owns: the rows that the matrix asks for: for every table some of organization A, of B, of persons and of the platform. Not: who may see them.

import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type Column, inOrderOfReference, type Table } from './rls-catalogue.ts';
import { ORGANIZATIONS, type OrganizationName, PEOPLE, type PersonName } from './rls-identities.ts';
import { type RowPlan, WORLD_ROWS } from './rls-world-rows.ts';

type Values = Readonly<Record<string, unknown>>;

/** A row as it was made. */
export interface WorldRow {
  /** Primary key as text. */
  readonly key: string;
  /** The whole row, for trying to insert it again. */
  readonly json: string;
  readonly values: Values;
  readonly organization: OrganizationName | null;
  readonly user: PersonName | null;
  readonly tags: readonly string[];
}

/** Rows by table. */
export type World = ReadonlyMap<string, readonly WorldRow[]>;

/** The text of a primary key, as SQL. */
export function keyExpression(table: Table, alias: string): string {
  return `concat_ws('/', ${table.key.map((column) => `${alias}.${column}::text`).join(', ')})`;
}

/** Makes the rows, in one transaction. `client` is past every policy. Throws, naming the table, where a row can't be made. */
export async function buildWorld(client: pg.Client, tables: readonly Table[]): Promise<World> {
  const world = new Map<string, WorldRow[]>();
  await client.query('begin');
  for (const table of inOrderOfReference(tables)) {
    const rows: WorldRow[] = [];
    world.set(table.name, rows);
    for (const plan of WORLD_ROWS[table.name] ?? plansOf(table))
      rows.push(await makeRow(client, { table, plan, world }));
  }
  await client.query('commit');
  return world;
}

/** What any table with the usual columns gets: a row for each kind of owner that its columns allow. */
function plansOf(table: Table): RowPlan[] {
  const column = (name: string) => table.columns.find((each) => each.name === name);
  const organization = column('organization_id');
  const user = column('user_id');
  const nobody: (PersonName | null)[] = user === undefined || !user.isRequired ? [null] : [];
  const usersOf = (...names: PersonName[]) => [...nobody, ...(user === undefined ? [] : names)];
  const plan = (home: OrganizationName | null, person: PersonName | null): RowPlan => ({
    values: {
      ...(organization === undefined ? {} : { organization_id: home === null ? null : ORGANIZATIONS[home] }),
      ...(user === undefined ? {} : { user_id: person === null ? null : PEOPLE[person].id }),
    },
  });
  if (organization === undefined)
    return usersOf('memberA', 'dual', 'adminA', 'ownerA', 'adminB', 'platformAdmin').map((person) =>
      plan(null, person),
    );
  return [
    ...usersOf('memberA', 'dual', 'adminA', 'ownerA').map((person) => plan('A', person)),
    ...usersOf('memberB', 'adminB').map((person) => plan('B', person)),
    ...(organization.isRequired ? [] : [plan(null, null)]),
  ];
}

async function makeRow(
  client: pg.Client,
  { table, plan, world }: { table: Table; plan: RowPlan; world: World },
): Promise<WorldRow> {
  const values: Record<string, unknown> = { ...plan.values };
  fillReferences(table, values, world);
  for (const column of table.columns)
    if (column.isRequired && !(column.name in values)) values[column.name] = anyValue(column);
  const names = Object.keys(values);
  const sql = `insert into weir.${table.name} as t (${names.map((name) => `"${name}"`).join(', ')})
    overriding system value values (${names.map((_, index) => `$${index + 1}`).join(', ')})
    returning ${keyExpression(table, 't')} as key, to_jsonb(t)::text as json`;
  try {
    const { rows } = await client.query<{ key: string; json: string }>(sql, Object.values(values));
    const [made] = rows;
    if (made === undefined) throw new Error('no row came back');
    const stored = JSON.parse(made.json) as Values;
    return { ...made, values: stored, ...ownersOf(table, stored, plan), tags: plan.tag?.split(' ') ?? [] };
  } catch (error) {
    throw new Error(`no row of weir.${table.name} can be made of ${JSON.stringify(values)}`, { cause: error });
  }
}

/** Required references that the plan leaves open lead to a row of the same organization, else to any. */
function fillReferences(table: Table, values: Record<string, unknown>, world: World): void {
  for (const key of table.foreignKeys) {
    const open = key.columns.filter((name) => !(name in values));
    const isRequired = open.some((name) => table.columns.find((column) => column.name === name)?.isRequired);
    if (open.length === 0 || !isRequired) continue;
    const candidates = (world.get(key.table) ?? []).filter((row) =>
      key.columns.every((name, index) => open.includes(name) || row.values[key.targets[index] ?? ''] === values[name]),
    );
    const target = candidates.find((row) => row.values.organization_id === values.organization_id) ?? candidates[0];
    if (target === undefined) continue;
    for (const name of open) values[name] = target.values[key.targets[key.columns.indexOf(name)] ?? ''];
  }
}

/** Column names whose CHECK wants a form. */
const FORMS: Readonly<Record<string, string>> = {
  last_four: 'abcd',
  prefix: 'wr_test_',
  origin: 'https://upstream.example',
  base_url: 'https://upstream.example/v1',
  domain: 'tenant.example',
};

let made = 0;
function anyValue({ name, type, firstAllowed }: Column): unknown {
  made += 1;
  if (firstAllowed !== null) return firstAllowed;
  if (name in FORMS) return name === 'domain' ? `t${made}.example` : FORMS[name];
  if (type === 'uuid') return randomUUID();
  if (type === 'bytea') return randomBytes(32);
  if (type === 'boolean') return false;
  if (type === 'jsonb') return '{}';
  if (type.endsWith('[]')) return '{}';
  if (type === 'date') return '2026-01-02';
  if (type.startsWith('timestamp'))
    return name.endsWith('_start') || name.endsWith('_from') ? '2026-01-01Z' : '2026-01-02Z';
  if (/^(bigint|integer|smallint|numeric)/.test(type)) return 1;
  return name.includes('email') || name.includes('address') ? `x${made}@people.example` : `x${made}`;
}

const OWNER_COLUMNS = ['user_id', 'owner_user_id', 'actor_id'];

function ownersOf(table: Table, stored: Values, plan: RowPlan): Pick<WorldRow, 'organization' | 'user'> {
  const organizationId = table.name === 'organizations' ? stored.id : stored.organization_id;
  const userId =
    table.name === 'users' ? stored.id : OWNER_COLUMNS.map((name) => stored[name]).find((id) => id != null);
  const organization = Object.entries(ORGANIZATIONS).find(([, id]) => id === organizationId)?.[0] as
    | OrganizationName
    | undefined;
  const user = Object.entries(PEOPLE).find(([, { id }]) => id === userId)?.[0] as PersonName | undefined;
  return {
    organization: plan.organization === undefined ? (organization ?? null) : plan.organization,
    user: plan.user === undefined ? (user ?? null) : plan.user,
  };
}
