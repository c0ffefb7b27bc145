// Owns: lists of what organizations and people keep of their own, how much room is left, and which names are taken. Not: one of them (template.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { TemplateScope } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { isAtHome, selectTemplates, type Template, type TemplateHome, toTemplate } from './template.queries.ts';

/** Where such a list goes on. */
export type OwnPlace = readonly [sortOrder: number, id: number];

/** Up to `limit` templates of a home, in their order. */
export async function listOwnTemplates(
  tx: DatabaseTransaction,
  home: TemplateHome,
  page: { readonly limit: number; readonly after: OwnPlace | null },
): Promise<Template[]> {
  const query = selectTemplates(tx).where(isAtHome(home)).orderBy('t.sort_order').orderBy('t.id').limit(page.limit);
  const { after } = page;
  const rows = await (after === null
    ? query
    : query.where(sql<SqlBool>`(t.sort_order, t.id) > (${after[0]}::integer, ${after[1]}::bigint)`)
  ).execute();
  return rows.map(toTemplate);
}

/** How many templates of their own an organization and its people have and may have. */
export interface TemplateRoom {
  readonly used: number;
  /** The lower one of plan and organization. */
  readonly maximum: number;
  /** What both allow. */
  readonly canCreate: boolean;
  readonly plan: string;
  readonly planMaximum: number;
  readonly planCanCreate: boolean;
}

/** Asks for it. Seen by members of the organization alone. */
export async function getTemplateRoom(tx: DatabaseTransaction, organizationId: string): Promise<TemplateRoom> {
  const { rows } = await sql<Omit<TemplateRoom, 'used'> & { readonly used: bigint }>`
    select used, maximum, can_create as "canCreate", plan, plan_maximum as "planMaximum", plan_can_create as "planCanCreate"
      from weir.custom_template_room(${organizationId})`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('a member asks for the room of an organization of theirs');
  return { ...row, used: Number(row.used) };
}

/** Lets one at a time count and then add, until the transaction ends. */
export async function lockTemplateRoom(tx: DatabaseTransaction, organizationId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`weir custom templates ${organizationId}`}, 0))`.execute(
    tx,
  );
}

/** Scopes of templates that have the name, of those that the organization has or could be shown. */
export async function findScopesWithSlug(
  tx: DatabaseTransaction,
  organizationId: string,
  slug: string,
): Promise<readonly TemplateScope[]> {
  const { rows } = await sql<{ scopes: TemplateScope[] }>`
    select weir.template_scopes_with_slug(${organizationId}, ${slug}) as scopes`.execute(tx);
  return rows[0]?.scopes ?? [];
}
