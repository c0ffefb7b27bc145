// Owns: the routes by which superadmins administer people, and people as JSON. Not: the acts.

import type { z } from 'zod';
import { entityTag } from '../../contracts/entity-tag.ts';
import { adminUserEndpoints, type adminUserSchema } from '../../contracts/platform/admin-users.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { AdminUserFilter, UserSession } from './admin-user.queries.ts';
import type { AdminUserService } from './admin-user.service.ts';
import type { AdminUserBulkService, BulkAct } from './admin-user-bulk.service.ts';
import type { AdminUserListService, ListedUser } from './admin-user-list.service.ts';

/** What the routes call. */
export interface AdminUserServices {
  readonly users: AdminUserService;
  readonly userList: AdminUserListService;
  readonly userBulk: AdminUserBulkService;
}

/** All of them. */
export function adminUserRoutes(services: AdminUserServices): Route[] {
  return [...readingRoutes(services), ...changingRoutes(services)];
}

function readingRoutes({ userList }: AdminUserServices): Route[] {
  return [
    implement(adminUserEndpoints.list, async ({ caller, query }) => {
      const { limit, cursor } = query;
      const { items, nextCursor } = await userList.list(caller, { ...filterOf(query), limit, cursor });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(adminUserEndpoints.export, async ({ caller, query }) =>
      reply.csv('users.csv', await userList.export(caller, filterOf(query))),
    ),
    implement(adminUserEndpoints.get, async ({ caller, params }) => {
      const user = await userList.get(caller, params.id);
      return reply.tagged(
        { data: { ...toJson(user), organizations: [...user.organizations] } },
        entityTag(user.version),
      );
    }),
    implement(adminUserEndpoints.listSessions, async ({ caller, params }) => ({
      data: (await userList.listSessions(caller, params.id)).map(sessionJson),
    })),
  ];
}

function changingRoutes({ users, userList, userBulk }: AdminUserServices): Route[] {
  return [
    implement(adminUserEndpoints.create, async ({ caller, body }) => {
      const { name, email, platform_role: platformRole } = body;
      const id = await users.create(caller, { name, email, platformRole });
      return tagged(await userList.get(caller, id));
    }),
    implement(adminUserEndpoints.update, async ({ caller, params, body, ifMatch }) => {
      const { name, email, platform_role: platformRole } = body;
      await users.update(caller, params.id, { name, email, platformRole, ifMatch });
      return tagged(await userList.get(caller, params.id));
    }),
    implement(adminUserEndpoints.remove, async ({ caller, params }) => {
      await users.remove(caller, params.id);
      return undefined;
    }),
    implement(adminUserEndpoints.ban, async ({ caller, params, body }) => {
      await users.ban(caller, params.id, body);
      return tagged(await userList.get(caller, params.id));
    }),
    implement(adminUserEndpoints.unban, async ({ caller, params }) => {
      await users.unban(caller, params.id);
      return tagged(await userList.get(caller, params.id));
    }),
    implement(adminUserEndpoints.endSessions, async ({ caller, params }) => {
      await users.endSessions(caller, params.id);
      return undefined;
    }),
    implement(adminUserEndpoints.endSession, async ({ caller, params }) => {
      await users.endSessions(caller, params.id, params.session_id);
      return undefined;
    }),
    implement(adminUserEndpoints.bulk, async ({ caller, body }) => {
      const results = await userBulk.change(caller, body.ids, bulkAct(body));
      return { data: results.map(({ id, error }) => ({ id, ok: error === null, error })) };
    }),
  ];
}

function bulkAct(body: z.output<typeof adminUserEndpoints.bulk.body>): BulkAct {
  return body.action === 'set_role' ? { action: 'set_role', platformRole: body.platform_role } : body;
}

function filterOf(query: z.output<typeof adminUserEndpoints.export.query>): AdminUserFilter {
  const {
    search,
    role,
    banned,
    organization: organizationId,
    created_from: createdFrom,
    created_to: createdTo,
  } = query;
  return { search, role, banned, organizationId, createdFrom, createdTo };
}

const tagged = (user: ListedUser) => reply.tagged({ data: toJson(user) }, entityTag(user.version));

function toJson(user: ListedUser): z.input<typeof adminUserSchema> {
  const { id, name, email, image, isBanned } = user;
  return {
    ...{ id, name, email, email_verified: user.emailVerified, image, platform_role: user.platformRole },
    two_factor_enabled: user.twoFactorEnabled,
    banned: isBanned,
    ban_reason: isBanned ? user.banReason : null,
    ban_expires: isBanned ? (user.banExpires?.toISOString() ?? null) : null,
    session_count: user.sessionCount,
    organization_count: user.organizationCount,
    created_at: user.createdAt,
    updated_at: user.updatedAt.toISOString(),
  };
}

function sessionJson(session: UserSession) {
  return {
    ...{ id: session.id, ip_address: session.ipAddress, user_agent: session.userAgent },
    ...{ impersonator_id: session.impersonatorId, impersonation_reason: session.impersonationReason },
    ...{ created_at: session.createdAt.toISOString(), expires_at: session.expiresAt.toISOString() },
  };
}
