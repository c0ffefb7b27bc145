// Owns: the acts on departments: make, list, change, delete. Not: putting people into one (member.service.ts).

import { z } from 'zod';
import type { MemberCaller } from '../../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import {
  type Department,
  type DepartmentChange,
  endDepartment,
  findDepartment,
  insertDepartment,
  listDepartments,
  lockDepartment,
  updateDepartment,
} from './department.queries.ts';
import { unknownReference } from './member.rules.ts';

/** The acts. One that is not there is 404 `not_found`; a name that is taken 409; a manager who is no member 404 naming the field. */
export interface DepartmentService {
  /** By name. */
  list(caller: MemberCaller, page: PageRequest): Promise<Page<Department>>;
  create(caller: MemberCaller, department: DepartmentChange & { readonly name: string }): Promise<Department>;
  update(caller: MemberCaller, id: string, change: DepartmentChange): Promise<Department>;
  remove(caller: MemberCaller, id: string): Promise<void>;
}

const place = z.tuple([z.string(), z.uuid()]);

/** Over the given database. */
export function createDepartmentService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): DepartmentService {
  const { database, audit, clock, random } = options;
  return {
    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const rows = await withPrincipal(database, caller, (tx) =>
        listDepartments(tx, caller.organizationId, { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ name, id }) => [name, id]);
    },

    create(caller, department) {
      const id = createUuidV7(clock.nowMs(), random);
      return explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await insertDepartment(tx, { ...department, id, organizationId: caller.organizationId });
          const made = await getDepartment(tx, caller, id);
          await audit.record(tx, caller, {
            ...{ action: 'department.create', targetType: 'department', targetId: id },
            after: audited(made),
          });
          return made;
        }),
      );
    },

    update: (caller, id, change) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          const key = { organizationId: caller.organizationId, id };
          await lockDepartment(tx, key);
          const before = await getDepartment(tx, caller, id);
          await updateDepartment(tx, key, change);
          const after = await getDepartment(tx, caller, id);
          await audit.record(tx, caller, {
            ...{ action: 'department.update', targetType: 'department', targetId: id },
            ...{ before: audited(before), after: audited(after) },
          });
          return after;
        }),
      ),

    remove: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const key = { organizationId: caller.organizationId, id };
        await lockDepartment(tx, key);
        const before = await getDepartment(tx, caller, id);
        await endDepartment(tx, key);
        await audit.record(tx, caller, {
          ...{ action: 'department.delete', targetType: 'department', targetId: id },
          before: audited(before),
        });
      }),
  };
}

async function getDepartment(tx: DatabaseTransaction, caller: MemberCaller, id: string): Promise<Department> {
  const department = await findDepartment(tx, { organizationId: caller.organizationId, id });
  if (department === undefined) throw new WeirError('not_found');
  return department;
}

function audited({ name, costCentreCode, managerId, memberCount }: Department): Record<string, unknown> {
  return { name, cost_centre_code: costCentreCode, manager_user_id: managerId, member_count: memberCount };
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'departments_manager_is_member') throw unknownReference('manager_user_id', 'member');
    if (constraint === 'departments_organization_id_name_key')
      throw new WeirError('conflict', {
        message: 'There is a department of this name.',
        param: 'name',
        details: { errors: [{ path: 'name', message: 'is taken' }] },
      });
    throw error;
  }
}
