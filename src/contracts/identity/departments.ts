// Owns: the endpoints of departments. Not: who is in one (members.ts) or what it may spend (budgets).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** A department as every member reads it. */
export const departmentSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  cost_centre_code: z.string().nullable(),
  manager: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  member_count: z.number().int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const name = z.string().trim().min(1).max(200).describe('Unique in the organization.');
const costCentreCode = z.string().trim().min(1).max(100).nullable();
const managerId = z.uuid().nullable().describe('A member.');
const byId = z.strictObject({ id: z.uuid() });
const admin = { tag: 'Departments', role: 'admin', permission: 'departments.manage' } as const;

export const departmentEndpoints = {
  list: defineEndpoint({
    operationId: 'listDepartments',
    method: 'GET',
    path: '/api/departments',
    summary: 'The departments of the organization, by name',
    tag: 'Departments',
    role: 'member',
    permission: 'departments.read',
    query: z.strictObject(pageParameters),
    output: pageOf(departmentSchema),
  }),
  create: defineEndpoint({
    ...admin,
    operationId: 'createDepartment',
    method: 'POST',
    path: '/api/departments',
    summary: 'Make a department',
    body: z.strictObject({
      name,
      cost_centre_code: costCentreCode.optional(),
      manager_user_id: managerId.optional(),
    }),
    status: 201,
    output: single(departmentSchema),
    errors: ['conflict'],
  }),
  update: defineEndpoint({
    ...admin,
    operationId: 'updateDepartment',
    method: 'PATCH',
    path: '/api/departments/{id}',
    summary: 'Change a department; what is left out stays',
    params: byId,
    body: z.strictObject({
      name: name.optional(),
      cost_centre_code: costCentreCode.optional(),
      manager_user_id: managerId.optional(),
    }),
    output: single(departmentSchema),
    errors: ['conflict'],
  }),
  remove: defineEndpoint({
    ...admin,
    operationId: 'deleteDepartment',
    method: 'DELETE',
    path: '/api/departments/{id}',
    summary: 'Delete a department; its members are then without one, its budgets end',
    params: byId,
  }),
} as const;
