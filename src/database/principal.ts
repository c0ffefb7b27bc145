/**
 * Owns: the two doors to a query, the person's and the platform's. Does not own: who a caller is (the session or key
 * decides) or what each role may see (the policies in the migrations).
 */
import { sql } from 'kysely';
import { isRetryableConflict } from './failures.ts';
import type { Database, DatabaseTransaction } from './pool.ts';

/** Who asks. Built once per request from a checked session; every field is already verified. */
export interface Caller {
  /** `users.id`, a UUID. */
  userId: string;
  /** The organization acted in; null for a platform person outside any. */
  organizationId: string | null;
  /** The caller's role in that organization. */
  organizationRole: 'owner' | 'admin' | 'member' | null;
  platformRole: 'user' | 'platform_admin' | 'superadmin';
  /** `users.id` of the platform person behind an impersonation. */
  impersonatorId: string | null;
  /** The API token in use: policies narrow to what it may. */
  apiToken?: { readonly id: string; readonly kind: 'personal' | 'organization' } | undefined;
}

/**
 * The claims as `request.jwt.claims` carries them. `role` is the database role, as Supabase's functions expect; the
 * role in the organization is `organization_role`.
 */
function claimsOf(caller: Caller): Record<string, string | null> {
  return {
    sub: caller.userId,
    role: 'authenticated',
    organization_id: caller.organizationId,
    organization_role: caller.organizationRole,
    platform_role: caller.platformRole,
    impersonator: caller.impersonatorId,
    ...(caller.apiToken === undefined ? {} : { api_token: caller.apiToken.id }),
  };
}

/**
 * How often a transaction is run at most. Acts that lock several rows may meet crosswise: PostgreSQL ends one of them within a second, with nothing done, and the
 * other goes on. 24 people at once at one organization met so ten times in 45 s.
 */
const RUNS_MAX = 5;

async function inTransaction<T>(database: Database, work: (tx: DatabaseTransaction) => Promise<T>): Promise<T> {
  for (let run = 1; ; run += 1)
    try {
      return await database.kysely.transaction().execute(work);
    } catch (error) {
      if (run === RUNS_MAX || !isRetryableConflict(error)) throw error;
    }
}

/**
 * Runs `work` in one transaction as `authenticated` with the caller's claims, both for that transaction alone: the
 * connection carries nothing over, committed or aborted. Rejects with what `work` throws, after the rollback. A
 * transaction that lost to another one (a deadlock, a serialization failure) is run again from its beginning, so `work`
 * changes nothing but the database.
 */
export function withPrincipal<T>(
  database: Database,
  caller: Caller,
  work: (tx: DatabaseTransaction) => Promise<T>,
): Promise<T> {
  const claims = JSON.stringify(claimsOf(caller));
  return inTransaction(database, async (tx) => {
    await sql`select set_config('request.jwt.claims', ${claims}, true), set_config('role', 'authenticated', true)`.execute(
      tx,
    );
    return work(tx);
  });
}

/**
 * The platform's door: one transaction as `weir_service`, which sees every tenant. The reason says which job or act
 * needs it ("sweep expired holds"), is readable in the transaction as the setting `weir.platform_reason` for audit rows,
 * and may not be empty. Throws when it is. Run again as `withPrincipal` is.
 */
export function withPlatform<T>(
  database: Database,
  reason: string,
  work: (tx: DatabaseTransaction) => Promise<T>,
): Promise<T> {
  if (reason.trim() === '')
    throw new Error('withPlatform needs a reason: it is written beside what the door was used for');
  return inTransaction(database, async (tx) => {
    await sql`select set_config('request.jwt.claims', '', true), set_config('weir.platform_reason', ${reason}, true),
      set_config('role', 'weir_service', true)`.execute(tx);
    return work(tx);
  });
}
