// Owns: the routes of the audit log and of activity, and their rows as JSON. Not: reading them (audit-log.service.ts).

import type { z } from 'zod';
import { activityEndpoints, type activitySchema } from '../../contracts/audit/activity.ts';
import { auditLogEndpoints, type auditLogSchema, type chainReportSchema } from '../../contracts/audit/audit-logs.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { Activity } from './activity.queries.ts';
import type { ChainReport } from './audit-chain.service.ts';
import type { AuditLog } from './audit-log.queries.ts';
import type { AuditLogQuery, AuditLogService } from './audit-log.service.ts';

/** All of them. */
export function auditRoutes({ auditLogs }: { readonly auditLogs: AuditLogService }): Route[] {
  return [
    implement(auditLogEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await auditLogs.list(caller, { ...filterOf(query), ...pageOf(query) });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(auditLogEndpoints.export, async ({ caller, query }) =>
      reply.csv('audit-log.csv', await auditLogs.export(caller, filterOf(query))),
    ),
    implement(auditLogEndpoints.verify, async ({ caller, query }) => ({
      data: reportJson(await auditLogs.verify(caller, BigInt(query.after))),
    })),
    implement(auditLogEndpoints.listAll, async ({ caller, query }) => {
      const { organization } = query;
      const filter = { ...filterOf(query), organizationId: organization === 'platform' ? null : organization };
      const { items, nextCursor } = await auditLogs.listAll(caller, { ...filter, ...pageOf(query) });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(activityEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await auditLogs.activity(caller, query);
      return { data: items.map((item) => activityJson(item, caller.userId)), next_cursor: nextCursor };
    }),
  ];
}

type Filters = z.output<typeof auditLogEndpoints.export.query>;

function filterOf(query: Filters): AuditLogQuery {
  const { actor, impersonator, action, target_type: targetType, target_id: targetId, from, to, search } = query;
  return { actorId: actor, impersonatorId: impersonator, action, targetType, targetId, from, to, search };
}

function pageOf({ limit, cursor }: z.output<typeof auditLogEndpoints.list.query>) {
  return { limit, cursor };
}

function toJson(row: AuditLog): z.input<typeof auditLogSchema> {
  const { impersonatorId, impersonatorName } = row;
  return {
    id: row.id,
    organization_id: row.organizationId,
    sequence: Number(row.sequence),
    created_at: row.createdAt,
    actor: { type: row.actorType, id: row.actorId, name: row.actorName },
    impersonator: impersonatorId === null ? null : { id: impersonatorId, name: impersonatorName },
    action: row.action,
    target: { type: row.targetType, id: row.targetId },
    before: row.before,
    after: row.after,
    ip: row.ip,
    user_agent: row.userAgent,
    request_id: row.requestId,
    reason: row.reason,
    hash: row.hash,
  };
}

function reportJson({ chain, rowsChecked, head, fault, nextAfter }: ChainReport): z.input<typeof chainReportSchema> {
  return {
    chain,
    valid: fault === null,
    complete: nextAfter === null,
    rows_checked: rowsChecked,
    next_after: nextAfter === null ? null : Number(nextAfter),
    head: head && { sequence: Number(head.sequence), hash: head.hash },
    fault: fault && {
      kind: fault.kind,
      sequence: Number(fault.sequence),
      row_id: fault.rowId,
      detail: fault.detail,
    },
  };
}

function activityJson(item: Activity, userId: string): z.input<typeof activitySchema> {
  const words = item.action.replaceAll(/[._]+/g, ' ');
  return {
    id: item.id,
    at: item.at,
    actor: { type: item.actorType, id: item.actorId, name: item.actorName, is_me: item.actorId === userId },
    impersonated: item.impersonated,
    action: item.action,
    summary: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    target: { type: item.targetType, id: item.targetId, label: item.targetLabel },
  };
}
