// Owns: telling what was changed of a system template, and rolling it back. Not: writing revisions (template-writer.ts).

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import { templateContentSchema } from '../../../contracts/catalog/template-fields.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { invalidField } from '../../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { SYSTEM, type Template } from './template.queries.ts';
import { diffContents, type FieldChange } from './template-change.rules.ts';
import { findRevision, listRevisions, type Revision } from './template-revision.queries.ts';
import { getTemplate, type TemplateWriter } from './template-writer.ts';

/** A revision and what it changed. */
export interface RevisionDiff {
  readonly revision: Revision;
  /** Null: there is none before it. */
  readonly comparedWith: number | null;
  readonly changes: readonly FieldChange[];
}

/** The acts. 404 `not_found` for a template that is not there. */
export interface TemplateRevisionService {
  /** Newest first, each with what differs from the one before; with `from` and `to` that one difference. 400 naming a revision that is not there. */
  list(
    caller: Caller,
    id: number,
    query: PageRequest & { readonly from?: number | undefined; readonly to?: number | undefined },
  ): Promise<Page<RevisionDiff>>;
  /**
   * 400 naming a revision that is not there, 409 `conflict` for one whose content can't be any more. Whether it is offered and shown first stays as it is: those
   * are switches of the day, and what was taken out of service does not come back by a correction of its text.
   */
  rollback(
    caller: Caller,
    id: number,
    wish: {
      readonly revision: number;
      readonly summary?: string | undefined;
      readonly endpointKey?: string | null | undefined;
      readonly ifMatch: string | null;
    },
  ): Promise<Template>;
}

const place = z.tuple([z.number().int().min(1)]);

/** Over the given parts. */
export function createTemplateRevisionService(
  { database }: { readonly database: Database },
  writer: TemplateWriter,
): TemplateRevisionService {
  return {
    list(caller, id, { limit, cursor, from, to }) {
      const before = cursor === undefined ? null : decodeCursor(cursor, place)[0];
      return withPrincipal(database, caller, async (tx) => {
        await getTemplate(tx, { ...SYSTEM, id });
        if (from !== undefined || to !== undefined)
          return { items: [await diffOf(tx, id, { from, to })], nextCursor: null };
        // One more than a page tells whether there are more, another what the last of it is compared with.
        const rows = await listRevisions(tx, id, { limit: limit + 2, before });
        const diffs = rows.map((revision, index) => compare(rows[index + 1], revision));
        return toPage(diffs.slice(0, limit + 1), limit, ({ revision }) => [revision.revision]);
      });
    },

    async rollback(
      caller,
      id,
      { revision: number, summary = `rolled back to revision ${number}`, endpointKey, ifMatch },
    ) {
      const { snapshot } = await withPrincipal(database, caller, async (tx) => {
        await getTemplate(tx, { ...SYSTEM, id });
        return getRevision(tx, id, { number, path: 'revision' });
      });
      const content = templateContentSchema.safeParse(snapshot);
      if (!content.success)
        throw new WeirError('conflict', { message: `Revision ${number} is of another form than templates have now.` });
      const draft = { ...content.data, is_active: undefined, is_featured: undefined };
      return writer.change(caller, { ...SYSTEM, id }, { draft, summary, endpointKey, ifMatch, act: 'rollback' });
    },
  };
}

async function diffOf(
  tx: DatabaseTransaction,
  id: number,
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<RevisionDiff> {
  if (from === undefined || to === undefined)
    throw invalidField(from === undefined ? 'from' : 'to', 'is needed with the other');
  const [older, newer] = [
    await getRevision(tx, id, { number: from, path: 'from' }),
    await getRevision(tx, id, { number: to, path: 'to' }),
  ];
  return compare(older, newer);
}

function compare(older: Revision | undefined, revision: Revision): RevisionDiff {
  if (older === undefined) return { revision, comparedWith: null, changes: [] };
  return { revision, comparedWith: older.revision, changes: diffContents(older.snapshot, revision.snapshot) };
}

async function getRevision(
  tx: DatabaseTransaction,
  id: number,
  { number, path }: { readonly number: number; readonly path: string },
): Promise<Revision> {
  const revision = await findRevision(tx, id, number);
  if (revision === undefined) throw invalidField(path, 'is not a revision of this template');
  return revision;
}
