// Owns: the rows of departments, snake_case in, camelCase out. Not: who is in one (member.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** A department as members read it. */
export interface Department {
  readonly id: string;
  readonly name: string;
  readonly costCentreCode: string | null;
  readonly managerId: string | null;
  readonly managerName: string | null;
  readonly memberCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Which department. */
export interface DepartmentKey {
  readonly organizationId: string;
  readonly id: string;
}

/** What its organization's admins say of it. */
export interface DepartmentChange {
  readonly name?: string | undefined;
  readonly costCentreCode?: string | null | undefined;
  readonly managerId?: string | null | undefined;
}

function selectDepartments(tx: DatabaseTransaction, organizationId: string) {
  return tx
    .selectFrom('departments as d')
    .leftJoin('users as u', 'u.id', 'd.manager_user_id')
    .select(['d.id', 'd.name', 'd.cost_centre_code as costCentreCode'])
    .select(['d.manager_user_id as managerId', 'u.name as managerName'])
    .select(['d.created_at as createdAt', 'd.updated_at as updatedAt'])
    .select(
      sql<number>`(select count(*)::integer from weir.members m
        where m.organization_id = d.organization_id and m.department_id = d.id)`.as('memberCount'),
    )
    .where('d.organization_id', '=', organizationId);
}

/** Up to `limit` departments, by name. */
export function listDepartments(
  tx: DatabaseTransaction,
  organizationId: string,
  page: { readonly limit: number; readonly after: readonly [name: string, id: string] | null },
): Promise<Department[]> {
  const { limit, after } = page;
  const query = selectDepartments(tx, organizationId).orderBy('d.name').orderBy('d.id').limit(limit);
  if (after === null) return query.execute();
  return query.where(sql<SqlBool>`(d.name, d.id) > (${after[0]}, ${after[1]}::uuid)`).execute();
}

/** One department. */
export function findDepartment(
  tx: DatabaseTransaction,
  { organizationId, id }: DepartmentKey,
): Promise<Department | undefined> {
  return selectDepartments(tx, organizationId).where('d.id', '=', id).executeTakeFirst();
}

/** Locks the row until the transaction ends, so that what is read next is what will be changed. */
export async function lockDepartment(tx: DatabaseTransaction, { organizationId, id }: DepartmentKey): Promise<void> {
  await tx
    .selectFrom('departments')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .execute();
}

/** A new department. */
export async function insertDepartment(
  tx: DatabaseTransaction,
  department: DepartmentKey & DepartmentChange & { readonly name: string },
): Promise<void> {
  const { id, organizationId, name, costCentreCode = null, managerId = null } = department;
  await tx
    .insertInto('departments')
    .values({ id, organization_id: organizationId, name, cost_centre_code: costCentreCode, manager_user_id: managerId })
    .execute();
}

/** Changes what is given. */
export async function updateDepartment(
  tx: DatabaseTransaction,
  { organizationId, id }: DepartmentKey,
  { name, costCentreCode, managerId }: DepartmentChange,
): Promise<void> {
  await tx
    .updateTable('departments')
    .set({
      name: name ?? sql<string>`name`,
      ...(costCentreCode === undefined ? {} : { cost_centre_code: costCentreCode }),
      ...(managerId === undefined ? {} : { manager_user_id: managerId }),
    })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** Ends it: its members are then without one, its budgets end. */
export async function endDepartment(tx: DatabaseTransaction, { organizationId, id }: DepartmentKey): Promise<void> {
  await tx.deleteFrom('departments').where('organization_id', '=', organizationId).where('id', '=', id).execute();
}
