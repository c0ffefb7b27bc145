// Owns: `weir audit verify`. Not: what makes a chain whole (control/audit).

import { listChains, verifyChain } from '../../control/audit/index.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { isUuid } from '../../primitives/ids.ts';
import { type CommandContext, CommandError } from './command-context.ts';
import { withCommandDatabase } from './command-database.ts';

const REASON = 'weir audit verify';

/** Which chains. */
export interface AuditVerifyOptions {
  /** Slug or id of an organization, or `platform`. Absent: every chain. */
  readonly organization?: string;
}

/** Checks the audit log's chains, a line each, with the hash of its head to keep elsewhere. Gives whether all are whole. */
export function auditVerify(context: CommandContext, options: AuditVerifyOptions): Promise<boolean> {
  return withCommandDatabase(context, async ({ url }) => {
    const database = createDatabase({
      ...{ url, role: 'weir_service', max: 1, applicationName: 'weir audit verify', statementTimeoutMs: 0 },
    });
    try {
      let faults = 0;
      for (const chain of await chainsOf(database, options.organization)) {
        const { rowsChecked, head, fault } = await verifyChain((work) => withPlatform(database, REASON, work), chain);
        if (fault !== null) faults += 1;
        const end = head === null ? '' : ` head ${head.sequence} ${head.hash}`;
        const found = fault === null ? 'whole' : `${fault.kind} at row ${fault.sequence}: ${fault.detail}`;
        context.print(`${chain} ${rowsChecked} rows${end} ${found}`);
      }
      context.print(`faults ${faults}`);
      return faults === 0;
    } finally {
      await database.close();
    }
  });
}

function chainsOf(database: Database, organization: string | undefined): Promise<string[]> {
  return withPlatform(database, REASON, async (tx) => {
    if (organization === undefined) return listChains(tx);
    // An organization's log outlives it, so an id need not be anybody's any more.
    if (organization === 'platform' || isUuid(organization)) return [organization];
    const found = await tx.selectFrom('organizations').select('id').where('slug', '=', organization).executeTakeFirst();
    if (found === undefined) throw new CommandError(`there is no organization ${organization}`);
    return [found.id];
  });
}
