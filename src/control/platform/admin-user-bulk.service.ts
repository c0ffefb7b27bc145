// Owns: one act on many people: each by itself, one after the other, with what became of each. Not: the acts (admin-user.service.ts).

import type { Caller } from '../../contracts/caller.ts';
import type { PlatformRole } from '../../contracts/enumerations.ts';
import { type ErrorCode, WeirError } from '../../primitives/errors.ts';
import type { AdminUserService } from './admin-user.service.ts';

/** An act, for each of many. */
export type BulkAct =
  | { readonly action: 'ban'; readonly reason: string; readonly until?: string | undefined }
  | { readonly action: 'unban' }
  | { readonly action: 'delete' }
  | { readonly action: 'set_role'; readonly platformRole: PlatformRole };

/** What became of one; `error` null: it was done. */
export interface BulkResult {
  readonly id: string;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}

/** Acts on many. */
export interface AdminUserBulkService {
  /** In the order given. A refusal of one stops none of the others; a fault of ours stops, and what was done stays done. */
  change(caller: Caller, ids: readonly string[], act: BulkAct): Promise<BulkResult[]>;
}

/** Over the acts on one. */
export function createAdminUserBulkService({ users }: { readonly users: AdminUserService }): AdminUserBulkService {
  return {
    async change(caller, ids, act) {
      const results: BulkResult[] = [];
      for (const id of ids) results.push({ id, error: await refusalOf(() => changeOne(users, caller, { id, act })) });
      return results;
    },
  };
}

async function changeOne(
  users: AdminUserService,
  caller: Caller,
  { id, act }: { readonly id: string; readonly act: BulkAct },
): Promise<void> {
  switch (act.action) {
    case 'ban':
      return users.ban(caller, id, act);
    case 'unban':
      return users.unban(caller, id);
    case 'delete':
      return users.remove(caller, id);
    case 'set_role':
      return users.update(caller, id, { platformRole: act.platformRole, ifMatch: null });
  }
}

async function refusalOf(work: () => Promise<void>): Promise<BulkResult['error']> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof WeirError) || error.status >= 500) throw error;
    return { code: error.code, message: error.message };
  }
}
