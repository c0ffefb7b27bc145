// Owns: the rows of templates' revisions, which are only added to. Not: what differs between two (template-change.rules.ts).

import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** A revision. */
export interface Revision {
  readonly revision: number;
  /** As it was written then: a later release may have other fields. */
  readonly snapshot: Readonly<Record<string, unknown>>;
  readonly changeSummary: string;
  readonly changedBy: { readonly id: string; readonly name: string } | null;
  readonly createdAt: Date;
}

/** The number of the newest; 0 where there is none. Lock the template first: then it stays the newest. */
export async function findLastRevision(tx: DatabaseTransaction, templateId: number): Promise<number> {
  const row = await tx
    .selectFrom('template_revisions')
    .select(({ fn }) => fn.max('revision').as('last'))
    .where('template_id', '=', BigInt(templateId))
    .executeTakeFirst();
  return row?.last ?? 0;
}

/** Another one. */
export async function insertRevision(
  tx: DatabaseTransaction,
  revision: {
    readonly id: string;
    readonly templateId: number;
    readonly revision: number;
    readonly snapshot: TemplateContent;
    readonly changeSummary: string;
    readonly changedBy: string;
  },
): Promise<void> {
  await tx
    .insertInto('template_revisions')
    .values({
      ...{ id: revision.id, template_id: BigInt(revision.templateId), revision: revision.revision },
      ...{ snapshot: JSON.stringify(revision.snapshot), change_summary: revision.changeSummary },
      changed_by: revision.changedBy,
    })
    .execute();
}

/** Up to `limit` revisions, the newest first, of those numbered below `before`. */
export async function listRevisions(
  tx: DatabaseTransaction,
  templateId: number,
  page: { readonly limit: number; readonly before: number | null },
): Promise<Revision[]> {
  const query = selectRevisions(tx, templateId).orderBy('r.revision', 'desc').limit(page.limit);
  const rows = await (page.before === null ? query : query.where('r.revision', '<', page.before)).execute();
  return rows.map(toRevision);
}

/** One revision. */
export async function findRevision(
  tx: DatabaseTransaction,
  templateId: number,
  revision: number,
): Promise<Revision | undefined> {
  const row = await selectRevisions(tx, templateId).where('r.revision', '=', revision).executeTakeFirst();
  return row === undefined ? undefined : toRevision(row);
}

function selectRevisions(tx: DatabaseTransaction, templateId: number) {
  return tx
    .selectFrom('template_revisions as r')
    .leftJoin('users as u', 'u.id', 'r.changed_by')
    .select(['r.revision', 'r.snapshot', 'r.change_summary as changeSummary', 'r.created_at as createdAt'])
    .select(['u.id as userId', 'u.name as userName'])
    .where('r.template_id', '=', BigInt(templateId));
}

type RevisionRow = Awaited<ReturnType<ReturnType<typeof selectRevisions>['execute']>>[number];

function toRevision({ userId, userName, snapshot, ...row }: RevisionRow): Revision {
  return {
    ...row,
    snapshot: snapshot as Readonly<Record<string, unknown>>,
    changedBy: userId === null || userName === null ? null : { id: userId, name: userName },
  };
}
