// Owns: reading the audit log: pages, export, the check of its chain, and activity. Not: writing it (audit.service.ts).

import { z } from 'zod';
import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { type CsvCell, csvFile } from '../../primitives/csv.ts';
import { type Activity, listActivity } from './activity.queries.ts';
import type { Audit } from './audit.service.ts';
import { type ChainReport, verifyChain } from './audit-chain.service.ts';
import { type AuditLog, type AuditLogFilter, type AuditLogPlace, listAuditLogs } from './audit-log.queries.ts';

/** Rows read at once for an export: one short transaction each, and the reader's rights are asked anew every time. */
const EXPORT_STEP_ROWS = 500;
/** Rows that one request checks: some seconds. A longer chain is checked in several. */
const VERIFY_ROWS_MAX = 100_000;

const placeSchema = z.tuple([instant, z.uuid()]);

/** What may be asked of an organization's log. */
export type AuditLogQuery = Omit<AuditLogFilter, 'organizationId'>;

/** Reads the log. */
export interface AuditLogService {
  /** A page of the caller's organization, newest first. */
  list(caller: MemberCaller, query: AuditLogQuery & PageRequest): Promise<Page<AuditLog>>;
  /** A page of every log; `organizationId` null is the platform's own. For superadmins. */
  listAll(caller: Caller, query: AuditLogFilter & PageRequest): Promise<Page<AuditLog>>;
  /** All of the caller's organization as CSV, newest first, after recording that it was exported. Rows are read as fast as pieces are taken. */
  export(caller: MemberCaller, query: AuditLogQuery): Promise<AsyncIterable<string>>;
  /** Checks the chain of the caller's organization from after a row on. */
  verify(caller: MemberCaller, after: bigint): Promise<ChainReport>;
  /** What happened in the caller's organization, as far as they may know. */
  activity(caller: MemberCaller, page: PageRequest): Promise<Page<Activity>>;
}

/** The service over a pool that acts for persons. */
export function createAuditLogService(options: {
  readonly database: Database;
  readonly audit: Audit;
}): AuditLogService {
  const { database, audit } = options;

  const readPage = async (caller: Caller, filter: AuditLogFilter, page: PageRequest): Promise<Page<AuditLog>> => {
    const range = { limit: page.limit + 1, after: placeOf(page) };
    const rows = await withPrincipal(database, caller, (tx) => listAuditLogs(tx, filter, range));
    return toPage(rows, page.limit, (row) => [row.createdAt, row.id]);
  };

  return {
    list: (caller, query) => readPage(caller, { ...query, organizationId: caller.organizationId }, query),
    listAll: (caller, query) => readPage(caller, query, query),
    async export(caller, query) {
      const filter = { ...query, organizationId: caller.organizationId };
      await withPrincipal(database, caller, (tx) =>
        audit.record(tx, caller, {
          action: 'audit_log.export',
          targetType: 'audit_log',
          targetId: caller.organizationId,
          after: { filters: query },
        }),
      );
      const read = (after: AuditLogPlace | null) =>
        withPrincipal(database, caller, (tx) => listAuditLogs(tx, filter, { limit: EXPORT_STEP_ROWS, after }));
      return csvFile(EXPORT_HEADER, exportRows(read));
    },
    verify: (caller, after) =>
      verifyChain((work) => withPrincipal(database, caller, work), caller.organizationId, {
        after,
        rowsMax: VERIFY_ROWS_MAX,
      }),
    async activity(caller, page) {
      const range = { limit: page.limit + 1, after: placeOf(page) };
      const rows = await withPrincipal(database, caller, (tx) => listActivity(tx, caller.organizationId, range));
      return toPage(rows, page.limit, (row) => [row.at, row.id]);
    },
  };
}

function placeOf({ cursor }: PageRequest): AuditLogPlace | null {
  return cursor === undefined ? null : decodeCursor(cursor, placeSchema);
}

const EXPORT_HEADER = [
  ...['created_at', 'sequence', 'actor_type', 'actor_id', 'actor_name', 'impersonator_id', 'impersonator_name'],
  ...['action', 'target_type', 'target_id', 'before', 'after', 'ip', 'user_agent', 'request_id', 'reason', 'hash'],
] as const;

async function* exportRows(
  read: (after: AuditLogPlace | null) => Promise<AuditLog[]>,
): AsyncGenerator<readonly CsvCell[], void, undefined> {
  let after: AuditLogPlace | null = null;
  for (;;) {
    const rows: AuditLog[] = await read(after);
    for (const row of rows) yield exportCells(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORT_STEP_ROWS) return;
    after = [last.createdAt, last.id];
  }
}

function exportCells(row: AuditLog): CsvCell[] {
  const json = (value: unknown): CsvCell => (value === null ? null : JSON.stringify(value));
  return [
    ...[row.createdAt, row.sequence, row.actorType, row.actorId, row.actorName, row.impersonatorId],
    ...[row.impersonatorName, row.action, row.targetType, row.targetId, json(row.before), json(row.after)],
    ...[row.ip, row.userAgent, row.requestId, row.reason, row.hash],
  ];
}
