// Owns: recording an act in the transaction of the act. Not: reading or checking the log (audit-log.service.ts), or what is kept of values (redaction.rules.ts).

import type { Caller, CallerRequest } from '../../contracts/caller.ts';
import type { AuditActorType } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import { insertAuditLog } from './audit.queries.ts';
import { redact } from './redaction.rules.ts';

/** What was done. Secrets in `before` and `after` are redacted; give whole objects or the changed fields, as a reader would want to see them. */
export interface AuditAct {
  /** noun.verb, of the acts' list in the README: `organization.update`, `member.remove`. */
  readonly action: string;
  /** The noun: `organization`, `member`, `virtual_key`. */
  readonly targetType: string;
  /** Its id. A person is named by `users.id`, also as a member, so that it shows in their activity. */
  readonly targetId: string | null;
  readonly before?: unknown;
  readonly after?: unknown;
  /** Whose log: an organization's id, or null for the platform's. Left out: the organization that the caller acts in. */
  readonly organizationId?: string | null;
}

/** Who did it, where there is no caller: the system, a key, or somebody whose sign-in failed. */
export interface AuditActor {
  readonly type: AuditActorType;
  /** `users.id` or the key's id; null for the system and for strangers. */
  readonly id: string | null;
  readonly request: CallerRequest | null;
}

/** Writes to the log. Each row takes the lock of its chain until the transaction ends: record last, and one chain a transaction. */
export interface Audit {
  /** In the caller's own transaction (`withPrincipal`), or in the platform's on their behalf. */
  record(tx: DatabaseTransaction, caller: Caller, act: AuditAct): Promise<void>;
  /** Without a caller: in `withPlatform` alone, whose reason is kept with the row. */
  recordFor(
    tx: DatabaseTransaction,
    actor: AuditActor,
    act: AuditAct & { readonly organizationId: string | null },
  ): Promise<void>;
}

const ACTION = /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$/;
const USER_AGENT_LENGTH_MAX = 1_000;
const TARGET_ID_LENGTH_MAX = 300;

/** An `Audit`. Its ids are UUIDv7 by `clock`; the order of rows is the database's. */
export function createAudit({ clock, random }: { readonly clock: Clock; readonly random: Random }): Audit {
  const write = async (
    tx: DatabaseTransaction,
    who: AuditActor & { readonly impersonatorId: string | null; readonly organizationId: string | null },
    act: AuditAct,
  ): Promise<void> => {
    if (!ACTION.test(act.action)) throw new Error(`"${act.action}" is no name of an act: noun.verb, in snake_case`);
    await insertAuditLog(tx, {
      id: createUuidV7(clock.nowMs(), random),
      organizationId: who.organizationId,
      actorType: who.type,
      actorId: who.id,
      impersonatorId: who.impersonatorId,
      action: act.action,
      targetType: act.targetType,
      targetId: plainText(act.targetId, TARGET_ID_LENGTH_MAX),
      before: redact(act.before),
      after: redact(act.after),
      // An address with a zone ("fe80::1%eth0") is none to PostgreSQL.
      ip: who.request?.ip?.replace(/%.*$/, '') ?? null,
      userAgent: plainText(who.request?.userAgent ?? null, USER_AGENT_LENGTH_MAX),
      requestId: who.request?.id ?? null,
    });
  };
  return {
    record(tx, caller, act) {
      const organizationId = act.organizationId === undefined ? caller.organizationId : act.organizationId;
      const { userId, apiToken, impersonatorId, request } = caller;
      const actor =
        apiToken?.kind === 'organization'
          ? ({ type: 'key', id: apiToken.id } as const)
          : ({ type: 'user', id: userId } as const);
      return write(tx, { ...actor, impersonatorId, organizationId, request }, act);
    },
    recordFor(tx, actor, act) {
      return write(tx, { ...actor, impersonatorId: null, organizationId: act.organizationId }, act);
    },
  };
}

/** As PostgreSQL takes it, without secrets and cut to length. */
function plainText(text: string | null, lengthMax: number): string | null {
  if (text === null) return null;
  const kept = redact(text);
  return typeof kept === 'string' ? kept.slice(0, lengthMax).toWellFormed() : null;
}
