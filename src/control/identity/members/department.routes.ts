// Owns: the routes of departments, and a department as JSON. Not: what the acts do (department.service.ts).

import type { z } from 'zod';
import { departmentEndpoints, type departmentSchema } from '../../../contracts/identity/departments.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import type { Department } from './department.queries.ts';
import type { DepartmentService } from './department.service.ts';

/** All of them. */
export function departmentRoutes({ departments }: { readonly departments: DepartmentService }): Route[] {
  const { list, create, update, remove } = departmentEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await departments.list(caller, query);
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(create, async ({ caller, body }) => {
      const { name, cost_centre_code: costCentreCode, manager_user_id: managerId } = body;
      return { data: toJson(await departments.create(caller, { name, costCentreCode, managerId })) };
    }),
    implement(update, async ({ caller, params, body }) => {
      const { name, cost_centre_code: costCentreCode, manager_user_id: managerId } = body;
      return { data: toJson(await departments.update(caller, params.id, { name, costCentreCode, managerId })) };
    }),
    implement(remove, async ({ caller, params }) => {
      await departments.remove(caller, params.id);
      return undefined;
    }),
  ];
}

function toJson(department: Department): z.input<typeof departmentSchema> {
  const { id, name, costCentreCode, managerId, managerName, memberCount, createdAt, updatedAt } = department;
  return {
    ...{ id, name, cost_centre_code: costCentreCode, member_count: memberCount },
    manager: managerId === null || managerName === null ? null : { id: managerId, name: managerName },
    ...{ created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() },
  };
}
