// Owns: reading people as superadmins do: pages, one person, their sessions, the export. Every read is under row level security. Not: changing anybody.

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { type CsvCell, csvFile } from '../../primitives/csv.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Audit } from '../audit/index.ts';
import {
  type AdminUser,
  type AdminUserFilter,
  type AdminUserPlace,
  countSessions,
  findUser,
  listSessions,
  listUserOrganizations,
  listUsers,
  type UserOrganization,
  type UserSession,
} from './admin-user.queries.ts';

/** A person with the number of their live sessions. */
export interface ListedUser extends AdminUser {
  readonly sessionCount: number;
}

/** Reads people, for superadmins. */
export interface AdminUserListService {
  list(caller: Caller, query: AdminUserFilter & PageRequest): Promise<Page<ListedUser>>;
  /** 404 `not_found`. */
  get(caller: Caller, id: string): Promise<ListedUser & { readonly organizations: readonly UserOrganization[] }>;
  /** 404 `not_found`. */
  listSessions(caller: Caller, id: string): Promise<readonly UserSession[]>;
  /** Everybody who fits as CSV, after recording that it was exported. Rows are read as fast as pieces are taken. */
  export(caller: Caller, filter: AdminUserFilter): Promise<AsyncIterable<string>>;
}

/** Rows read at once for an export: one short transaction each, and the reader's rights are asked anew every time. */
const EXPORT_STEP_ROWS = 1_000;

const placeSchema = z.tuple([instant, z.uuid()]);

const EXPORT_HEADER = [
  ...['id', 'name', 'email', 'email_verified', 'platform_role', 'two_factor_enabled', 'banned', 'ban_reason'],
  ...['ban_expires', 'session_count', 'organization_count', 'created_at', 'updated_at'],
] as const;

/** Over the given database. */
export function createAdminUserListService(options: {
  readonly database: Database;
  readonly audit: Audit;
}): AdminUserListService {
  const { database, audit } = options;
  const readRows = (
    caller: Caller,
    filter: AdminUserFilter,
    range: { readonly limit: number; readonly after: AdminUserPlace | null },
  ): Promise<ListedUser[]> =>
    withPrincipal(database, caller, async (tx) => withSessions(tx, await listUsers(tx, filter, range)));

  return {
    async list(caller, query) {
      const after = query.cursor === undefined ? null : decodeCursor(query.cursor, placeSchema);
      const rows = await readRows(caller, query, { limit: query.limit + 1, after });
      return toPage(rows, query.limit, ({ createdAt, id }) => [createdAt, id]);
    },
    get: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const [user] = await withSessions(tx, [await getUser(tx, id)]);
        if (user === undefined) throw new WeirError('not_found');
        return { ...user, organizations: await listUserOrganizations(tx, id) };
      }),
    listSessions: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        await getUser(tx, id);
        return listSessions(tx, id);
      }),
    async export(caller, filter) {
      await withPrincipal(database, caller, (tx) =>
        audit.record(tx, caller, {
          ...{ action: 'user.export', targetType: 'user', targetId: null, organizationId: null },
          after: { filters: filter },
        }),
      );
      const read = (after: AdminUserPlace | null) => readRows(caller, filter, { limit: EXPORT_STEP_ROWS, after });
      return csvFile(EXPORT_HEADER, exportRows(read));
    },
  };
}

async function getUser(tx: DatabaseTransaction, id: string): Promise<AdminUser> {
  const user = await findUser(tx, id);
  if (user === undefined) throw new WeirError('not_found');
  return user;
}

async function withSessions(tx: DatabaseTransaction, users: readonly AdminUser[]): Promise<ListedUser[]> {
  const sessions = await countSessions(
    tx,
    users.map(({ id }) => id),
  );
  return users.map((user) => ({ ...user, sessionCount: sessions.get(user.id) ?? 0 }));
}

async function* exportRows(
  read: (after: AdminUserPlace | null) => Promise<ListedUser[]>,
): AsyncGenerator<readonly CsvCell[], void, undefined> {
  let after: AdminUserPlace | null = null;
  for (;;) {
    const rows: ListedUser[] = await read(after);
    for (const row of rows) yield exportCells(row);
    const last = rows.at(-1);
    if (last === undefined || rows.length < EXPORT_STEP_ROWS) return;
    after = [last.createdAt, last.id];
  }
}

function exportCells(user: ListedUser): CsvCell[] {
  return [
    ...[user.id, user.name, user.email, user.emailVerified, user.platformRole, user.twoFactorEnabled, user.isBanned],
    ...[user.banReason, user.banExpires, user.sessionCount, user.organizationCount, user.createdAt, user.updatedAt],
  ];
}
