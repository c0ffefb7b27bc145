// Owns: the acts on tokens for the product API, and finding who sent one. Not: what a token may be (api-token.rules.ts).

import { z } from 'zod';
import type { MemberCaller } from '../../../contracts/caller.ts';
import type { ApiTokenRole } from '../../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { invalidField } from '../../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import { type ApiTokenKind, createApiToken, isWellFormedApiToken } from '../../../primitives/api-token.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import { displayVirtualKey, hashVirtualKey, isWellFormedVirtualKey } from '../../../primitives/virtual-key.ts';
import type { Audit } from '../../audit/index.ts';
import type { Visitor } from '../visitor.ts';
import {
  type ApiToken,
  endApiToken,
  findApiToken,
  findTokenInUse,
  insertApiToken,
  listApiTokens,
  type TokenScope,
} from './api-token.queries.ts';
import { auditedToken, checkMayMakeToken, toVisitor } from './api-token.rules.ts';
import { findKeyInUse } from './virtual-key-visitor.queries.ts';
import { keyVisitor } from './virtual-key-visitor.rules.ts';

/** What a new token is made of. */
export interface TokenOrder {
  readonly name: string;
  readonly kind: ApiTokenKind;
  readonly role: ApiTokenRole;
  readonly expiresAt: Date | null;
}

/** The acts. Each runs as the caller, under row level security, and leaves its audit row. */
export interface ApiTokenService {
  list(caller: MemberCaller, page: PageRequest): Promise<Page<ApiToken>>;
  /** 403 for more than the caller may. The secret is told this once. */
  create(caller: MemberCaller, order: TokenOrder): Promise<{ readonly token: ApiToken; readonly secret: string }>;
  /** Repeated: the first time counts. 404 for another's, and for one that is not there. */
  revoke(caller: MemberCaller, id: string): Promise<ApiToken>;
}

/** What of a request decides on its token besides the token: the organization it names (null: none; undefined: it needs none), and whether a virtual key will do. */
export interface TokenRequest {
  readonly organization: string | null | undefined;
  readonly acceptsVirtualKeys: boolean;
  readonly ip: string | null;
}

/** From an `Authorization` header to who sent it. Rejects with 401. */
export type FindTokenVisitor = (authorization: string, request: TokenRequest) => Promise<Visitor>;

const tokenPlace = z.tuple([z.uuid()]);

/** Over the given database. */
export function createApiTokenService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): ApiTokenService {
  const { database, audit, clock, random } = options;
  return {
    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, tokenPlace)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        listApiTokens(tx, scopeOf(caller), { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ id }) => [id]);
    },

    async create(caller, { name, kind, role, expiresAt }) {
      checkMayMakeToken(caller, { kind, role });
      if (expiresAt !== null && expiresAt.getTime() <= clock.nowMs()) throw invalidField('expires_at', 'has passed');
      const secret = createApiToken(kind, random);
      const id = createUuidV7(clock.nowMs(), random);
      const { organizationId, userId: createdBy } = caller;
      const token = await withPrincipal(database, caller, async (tx) => {
        await insertApiToken(tx, {
          ...{ id, organizationId, name, role, expiresAt, createdBy, ...displayVirtualKey(secret) },
          ...{ userId: kind === 'personal' ? createdBy : null, tokenHash: hashVirtualKey(secret) },
        });
        const made = await getToken(tx, caller, id);
        await audit.record(tx, caller, {
          ...{ action: 'api_token.create', targetType: 'api_token', targetId: id, after: auditedToken(made) },
        });
        return made;
      });
      return { token, secret };
    },

    revoke: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getToken(tx, caller, id);
        if (!(await endApiToken(tx, before, new Date(clock.nowMs())))) return getToken(tx, caller, id);
        const after = await getToken(tx, caller, id);
        await audit.record(tx, caller, {
          ...{ action: 'api_token.revoke', targetType: 'api_token', targetId: id },
          ...{ before: auditedToken(before), after: auditedToken(after) },
        });
        return after;
      }),
  };
}

/** Finds who sent a token. One of a wrong form or checksum is refused with no query. */
export function createTokenVisitors({ database }: { readonly database: Database }): FindTokenVisitor {
  return async (authorization, { organization, acceptsVirtualKeys, ip }) => {
    const [, secret = ''] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    if (acceptsVirtualKeys && isWellFormedVirtualKey(secret)) {
      const key = await findKeyInUse(database, hashVirtualKey(secret), ip);
      if (key === undefined) throw new WeirError('invalid_key');
      return keyVisitor(key, organization);
    }
    const token = isWellFormedApiToken(secret) ? await findTokenInUse(database, hashVirtualKey(secret)) : undefined;
    if (token === undefined)
      throw new WeirError('invalid_key', { message: 'The token is not valid. Send `Authorization: Bearer wr_pat_…`.' });
    return toVisitor(token, organization);
  };
}

/** Members keep their own tokens; so does whoever comes with a personal token of a member's rights. */
function scopeOf({ organizationId, organizationRole, userId }: MemberCaller): TokenScope {
  return { organizationId, userId: organizationRole === 'member' ? userId : null };
}

async function getToken(tx: DatabaseTransaction, caller: MemberCaller, id: string): Promise<ApiToken> {
  const token = await findApiToken(tx, scopeOf(caller), id);
  if (token === undefined) throw new WeirError('not_found');
  return token;
}
