// Owns: the endpoints of the audit log: read it with filters, export it, check its chain. Not: writing it: every act does that itself.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { auditActorTypes } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** Without NUL, which PostgreSQL's texts can't hold. */
const text = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\0]*$/, 'must not hold a NUL');

/** What narrows the log; all that are given hold together. */
const filters = {
  actor: z.uuid().optional().describe('Id of the person or key that acted.'),
  impersonator: z.uuid().optional().describe('Id of the platform person who acted as somebody.'),
  action: text(200).optional().describe('An act, `member.remove`, or all of a noun, `member.*`.'),
  target_type: text(100).optional(),
  target_id: text(300).optional(),
  from: instant.optional().describe('At or after this time.'),
  to: instant.optional().describe('Before this time.'),
  search: text(200).optional().describe('Anywhere in action, kind or id of the target.'),
} as const;

/** A person as an audit row names them; the name is null where the reader may not see them or they are gone. */
const person = z.strictObject({ id: z.uuid(), name: z.string().nullable() });

/** One row of the log. */
export const auditLogSchema = z.strictObject({
  id: z.uuid(),
  organization_id: z.uuid().nullable().describe("Null: the platform's log."),
  sequence: z.number().int().describe('Place in the chain, from 1 without gaps.'),
  created_at: z.string().describe('ISO 8601 in UTC, to the microsecond.'),
  actor: z.strictObject({ type: auditActorTypes, id: z.uuid().nullable(), name: z.string().nullable() }),
  impersonator: person.nullable().describe('Who of the platform acted as the actor.'),
  action: z.string(),
  target: z.strictObject({ type: z.string(), id: z.string().nullable() }),
  before: z.unknown(),
  after: z.unknown(),
  ip: z.string().nullable(),
  user_agent: z.string().nullable(),
  request_id: z.uuid().nullable(),
  reason: z.string().nullable().describe('Why the platform acted past the rights of a person.'),
  hash: z.string().describe('SHA-256 in hexadecimal over the hash before it and this row.'),
});

/** How far a chain was checked and what was found. */
export const chainReportSchema = z.strictObject({
  chain: z.string().describe("An organization's id, or `platform`."),
  valid: z.boolean().describe('Nothing wrong in what was checked.'),
  complete: z.boolean().describe('Checked to the end, or to the first fault. False: go on with `after`.'),
  rows_checked: z.number().int(),
  next_after: z.number().int().nullable(),
  head: z
    .strictObject({ sequence: z.number().int(), hash: z.string() })
    .nullable()
    .describe('Keep it elsewhere: a log rewritten as a whole would have another one.'),
  fault: z
    .strictObject({
      kind: z.enum(['changed', 'missing', 'reordered', 'cut_off', 'head_changed']),
      sequence: z.number().int(),
      row_id: z.uuid().nullable(),
      detail: z.string(),
    })
    .nullable(),
});

export const auditLogEndpoints = {
  list: defineEndpoint({
    operationId: 'listAuditLogs',
    method: 'GET',
    path: '/api/audit-logs',
    summary: 'The audit log of the organization, newest first',
    tag: 'Audit',
    role: 'admin',
    permission: 'audit.read',
    query: z.strictObject({ ...pageParameters, ...filters }),
    output: pageOf(auditLogSchema),
  }),
  export: defineEndpoint({
    operationId: 'exportAuditLogs',
    method: 'GET',
    path: '/api/audit-logs/export.csv',
    summary: 'The audit log as CSV, newest first, streamed',
    description: 'The export itself is an act and is recorded.',
    tag: 'Audit',
    role: 'admin',
    permission: 'audit.read',
    query: z.strictObject(filters),
    produces: 'text/csv',
  }),
  verify: defineEndpoint({
    operationId: 'verifyAuditLogs',
    method: 'GET',
    path: '/api/audit-logs/verify',
    summary: 'Check the chain of the audit log',
    description: 'Names the first row that was changed, is missing or is out of place, and a tail that was cut off.',
    tag: 'Audit',
    role: 'admin',
    permission: 'audit.read',
    query: z.strictObject({
      after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0).describe('Begin after this row.'),
    }),
    output: single(chainReportSchema),
  }),
  listAll: defineEndpoint({
    operationId: 'listAllAuditLogs',
    method: 'GET',
    path: '/api/admin/audit-logs',
    summary: 'The audit logs of every organization and of the platform, newest first',
    tag: 'Administration',
    role: 'superadmin',
    query: z.strictObject({
      ...pageParameters,
      ...filters,
      organization: z.union([z.uuid(), z.literal('platform')]).optional(),
    }),
    output: pageOf(auditLogSchema),
  }),
} as const;
