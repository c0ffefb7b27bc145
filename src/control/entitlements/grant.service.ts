// Owns: the acts by which superadmins give people and organizations a model and take it back. Not: buying (billing), or deciding calls (the gateway).

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import {
  endGrant,
  findGrant,
  findGrantableModel,
  findPersonId,
  type Grant,
  type GrantFilter,
  type GrantHolder,
  insertGrant,
  listGrants,
  modelExists,
  organizationExists,
} from './grant.queries.ts';

/** Who gets the model. */
export type GrantAddress =
  | { readonly userId: string }
  | { readonly email: string }
  | { readonly organizationId: string };

/** What is given. */
export interface NewGrant {
  readonly to: GrantAddress;
  readonly source: 'admin_grant' | 'trial';
  /** ISO 8601; undefined: without end. */
  readonly expiresAt: string | undefined;
  readonly notes: string;
}

/** The acts, in force at the gateway within a second. A model or right that is not there is 404 `not_found`. */
export interface GrantService {
  /** Rights from whatever source, ended ones too, the latest first. */
  list(caller: Caller, modelId: string, query: GrantFilter & PageRequest): Promise<Page<Grant>>;
  /** 404 naming the field for an unknown holder, 400 for an end in the past, 409 while there is one of the same source. */
  create(caller: Caller, modelId: string, grant: NewGrant): Promise<Grant>;
  /** Repeated: nothing. 409 for what was bought or comes with the plan. */
  revoke(caller: Caller, id: string): Promise<void>;
}

const place = z.tuple([z.uuid()]);

/** Over the given database. */
export function createGrantService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): GrantService {
  const { database, audit, events, clock, random } = options;
  return {
    async list(caller, modelId, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place)[0];
      const rows = await withPrincipal(database, caller, async (tx) => {
        if (!(await modelExists(tx, modelId))) throw new WeirError('not_found');
        return listGrants(tx, modelId, { ...filter, limit: limit + 1, after });
      });
      return toPage(rows, limit, ({ id }) => [id]);
    },

    create: (caller, modelId, { to, expiresAt, ...grant }) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          const model = await findGrantableModel(tx, modelId);
          if (model === undefined) throw new WeirError('not_found');
          const holder = await findHolder(tx, to);
          if (expiresAt !== undefined && Date.parse(expiresAt) <= clock.nowMs())
            throw invalidField('expiresAt', 'is in the past');
          const id = createUuidV7(clock.nowMs(), random);
          await insertGrant(tx, {
            ...grant,
            id,
            modelId,
            holder,
            expiresAt: expiresAt ?? null,
            grantedBy: caller.userId,
          });
          const made = await getGrant(tx, id);
          const { source } = made;
          await events.record(
            tx,
            { userId: caller.userId, organizationId: null },
            {
              name: 'admin_model_access_granted',
              properties: {
                ...{ model_id: modelId, tier: model.tier, source },
                ...{ user_id: holder.userId, organization_id: holder.organizationId },
              },
            },
          );
          await audit.record(tx, caller, {
            ...{ action: 'model_access.grant', targetType: 'entitlement', targetId: id },
            ...{ organizationId: holder.organizationId, after: auditedGrant(made) },
          });
          return made;
        }),
      ),

    revoke: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getGrant(tx, id);
        checkRevocable(before);
        if (!(await endGrant(tx, id))) return;
        const after = await getGrant(tx, id);
        await events.record(
          tx,
          { userId: caller.userId, organizationId: null },
          {
            name: 'admin_model_access_revoked',
            properties: {
              ...{ model_id: before.modelId, user_id: before.user?.id ?? null },
              organization_id: before.organization?.id ?? null,
            },
          },
        );
        await audit.record(tx, caller, {
          ...{ action: 'model_access.revoke', targetType: 'entitlement', targetId: id },
          ...{ organizationId: before.organization?.id ?? null },
          ...{ before: auditedGrant(before), after: auditedGrant(after) },
        });
      }),
  };
}

async function getGrant(tx: DatabaseTransaction, id: string): Promise<Grant> {
  const grant = await findGrant(tx, id);
  if (grant === undefined) throw new WeirError('not_found');
  return grant;
}

async function findHolder(tx: DatabaseTransaction, to: GrantAddress): Promise<GrantHolder> {
  if ('organizationId' in to) {
    if (!(await organizationExists(tx, to.organizationId))) throw unknownHolder('organizationId', 'organization');
    return { userId: null, organizationId: to.organizationId };
  }
  const userId = await findPersonId(tx, to);
  if (userId === undefined) throw unknownHolder('userId' in to ? 'userId' : 'email', 'person');
  return { userId, organizationId: null };
}

function unknownHolder(path: string, noun: string): WeirError {
  const message = `is of no ${noun}`;
  return new WeirError('not_found', {
    ...{ message: `${path} ${message}.`, param: path, details: { errors: [{ path, message }] } },
  });
}

function checkRevocable({ source }: Grant): void {
  if (source === 'admin_grant' || source === 'trial') return;
  throw new WeirError('conflict', {
    message:
      source === 'purchase'
        ? 'The model was bought: refund the purchase to end the right.'
        : 'The right comes with the plan and ends with it.',
  });
}

function auditedGrant(grant: Grant): Record<string, unknown> {
  const { modelId, source, user, organization, notes, expiresAt, revokedAt } = grant;
  return {
    ...{ model_id: modelId, source, user_id: user?.id ?? null, organization_id: organization?.id ?? null },
    ...{ notes, expires_at: expiresAt, revoked_at: revokedAt },
  };
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'entitlements_unique_while_active') throw error;
    throw new WeirError('conflict', {
      message: 'There is a right of this source already. Revoke it first to give another one.',
    });
  }
}
