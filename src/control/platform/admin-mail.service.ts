// Owns: the outbox as superadmins read it. Not: mail itself (src/mail).

import { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import type { MailStatus } from '../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Audit } from '../audit/index.ts';
import type { MailRecord, MailSummary, PlatformMail } from './platform-mail.ts';

/** Reads mail, for superadmins: row level security shows it to nobody else. */
export interface AdminMailService {
  list(caller: Caller, query: PageRequest & { readonly status?: MailStatus | undefined }): Promise<Page<MailSummary>>;
  /** With its text, which may hold a link that signs in: looking is recorded. 404 `not_found`. */
  get(caller: Caller, id: string): Promise<MailRecord>;
}

const placeSchema = z.tuple([z.uuid()]);

/** Over the given database. */
export function createAdminMailService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly mail: PlatformMail;
}): AdminMailService {
  const { database, audit, mail } = options;
  return {
    async list(caller, { limit, cursor, status }) {
      const after = cursor === undefined ? undefined : decodeCursor(cursor, placeSchema)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        mail.list(tx, {
          limit: limit + 1,
          ...(status === undefined ? {} : { status }),
          ...(after === undefined ? {} : { after }),
        }),
      );
      return toPage(rows, limit, ({ id }) => [id]);
    },
    get: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const found = await mail.find(tx, id);
        if (found === undefined) throw new WeirError('not_found');
        const { kind, to } = found;
        await audit.record(tx, caller, {
          ...{ action: 'mail.read', targetType: 'mail', targetId: id, organizationId: null, after: { kind, to } },
        });
        return found;
      }),
  };
}
