// Owns: the acts on system templates: list, read, make, change, switch, delete. Not: how a template is written (template-writer.ts), or what organizations set of
// one (template-config.service.ts).

import type { Caller } from '../../../contracts/caller.ts';
import type { SystemModelSort } from '../../../contracts/catalog/system-models.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { SYSTEM } from './template.queries.ts';
import { placeOf, viewOf } from './template.rules.ts';
import { countMembers, findReach, type TemplateReach } from './template-config.queries.ts';
import {
  findSystemTemplate,
  listSystemTemplates,
  type SystemFilter,
  type SystemTemplate,
  type SystemView,
} from './template-list.queries.ts';
import { sinceDays } from './template-usage.rules.ts';
import type { TemplateParts, TemplateWrite, TemplateWriter } from './template-writer.ts';

/** A system template as its reader gets it. */
export interface SystemTemplateView {
  readonly template: SystemTemplate;
  readonly view: SystemView;
  /** Members whom the switch concerns; null for who may not set it. */
  readonly peopleAffected: number | null;
}

/** Days of use that say whom a deletion concerns. */
const RECENT_DAYS = 30;

/** The acts. 404 `not_found` for a template that is not the caller's to see; for writing see `TemplateWriter`. */
export interface TemplateService {
  list(
    caller: Caller,
    query: SystemFilter & PageRequest & { readonly sort: SystemModelSort },
  ): Promise<Page<SystemTemplateView>>;
  get(caller: Caller, id: number): Promise<SystemTemplateView>;
  create(
    caller: Caller,
    write: TemplateWrite & { readonly draft: { readonly name: string } },
  ): Promise<SystemTemplateView>;
  change(
    caller: Caller,
    id: number,
    write: TemplateWrite & { readonly ifMatch?: string | null },
  ): Promise<SystemTemplateView>;
  remove(caller: Caller, id: number): Promise<void>;
  /** Whom deleting it would concern. */
  reach(caller: Caller, id: number): Promise<TemplateReach & { readonly template: SystemTemplate }>;
}

/** Over the given parts. */
export function createTemplateService(
  { database, clock }: Pick<TemplateParts, 'database' | 'clock'>,
  writer: TemplateWriter,
): TemplateService {
  const get = (caller: Caller, id: number): Promise<SystemTemplateView> =>
    withPrincipal(database, caller, async (tx) => {
      const view = viewOf(caller);
      const template = await getSystemTemplate(tx, view, id);
      return { template, view, peopleAffected: await findPeopleAffected(tx, view) };
    });
  return {
    get,
    async list(caller, { limit, cursor, sort, ...filter }) {
      const view = viewOf(caller);
      const after = cursor === undefined ? null : decodeCursor(cursor, placeOf(sort));
      const [rows, peopleAffected] = await withPrincipal(
        database,
        caller,
        async (tx) =>
          [
            await listSystemTemplates(tx, view, { filter, sort, limit: limit + 1, after }),
            await findPeopleAffected(tx, view),
          ] as const,
      );
      const { items, nextCursor } = toPage(rows, limit, ({ place }) => place);
      return { items: items.map((template) => ({ template, view, peopleAffected })), nextCursor };
    },
    async create(caller, write) {
      const { id } = await writer.create(caller, SYSTEM, write);
      return get(caller, id);
    },
    async change(caller, id, write) {
      await writer.change(caller, { ...SYSTEM, id }, write);
      return get(caller, id);
    },
    remove: (caller, id) => writer.remove(caller, { ...SYSTEM, id }),
    reach: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const template = await getSystemTemplate(tx, viewOf(caller), id);
        return { template, ...(await findReach(tx, id, sinceDays(clock.nowMs(), RECENT_DAYS))) };
      }),
  };
}

/** One system template of a view. 404 `not_found`. */
export async function getSystemTemplate(
  tx: DatabaseTransaction,
  view: SystemView,
  id: number,
): Promise<SystemTemplate> {
  const template = await findSystemTemplate(tx, view, id);
  if (template === undefined) throw new WeirError('not_found');
  return template;
}

async function findPeopleAffected(
  tx: DatabaseTransaction,
  { organizationId, isAdmin }: SystemView,
): Promise<number | null> {
  return organizationId === null || !isAdmin ? null : countMembers(tx, organizationId);
}
