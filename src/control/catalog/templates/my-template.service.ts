// Owns: the acts on templates that organizations and people keep of their own: within what plan and organization allow, and under names that mean nothing else.
// Not: how a template is written (template-writer.ts).

import { z } from 'zod';
import { isNobody, type MemberCaller } from '../../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import { WeirError } from '../../../primitives/errors.ts';
import {
  findScopesWithSlug,
  getTemplateRoom,
  listOwnTemplates,
  lockTemplateRoom,
  type TemplateRoom,
} from './my-template.queries.ts';
import type { Template, TemplateHome } from './template.queries.ts';
import { slugTaken } from './template-content.rules.ts';
import { getTemplate, type TemplateGuard, type TemplateWrite, type TemplateWriter } from './template-writer.ts';

/** The acts of one scope. 404 `not_found` for a template that is not there or somebody else's; for writing see `TemplateWriter`. */
export interface OwnTemplateService {
  /** In their order, with the room that is left. */
  list(
    caller: MemberCaller,
    page: PageRequest,
  ): Promise<{ readonly page: Page<Template>; readonly room: TemplateRoom }>;
  get(caller: MemberCaller, id: number): Promise<Template>;
  /** 403 `plan_required` without room; 409 for a name that the platform's or the organization's templates have. */
  create(caller: MemberCaller, write: TemplateWrite & { readonly draft: { readonly name: string } }): Promise<Template>;
  change(
    caller: MemberCaller,
    id: number,
    write: TemplateWrite & { readonly ifMatch: string | null },
  ): Promise<Template>;
  remove(caller: MemberCaller, id: number): Promise<void>;
}

const place = z.tuple([z.number().int().min(-2_147_483_648).max(2_147_483_647), z.number().int().min(0)]);

/** Of an organization's own templates, or of each person's. */
export function createOwnTemplateService(
  { database }: { readonly database: Database },
  writer: TemplateWriter,
  scope: 'organization' | 'user',
): OwnTemplateService {
  const homeOf = (caller: MemberCaller): TemplateHome => {
    const { organizationId, userId } = caller;
    if (scope === 'organization') return { scope, organizationId, ownerUserId: null };
    if (isNobody(caller))
      throw new WeirError('forbidden', { message: 'A token of the organization is nobody. Use a personal token.' });
    return { scope, organizationId, ownerUserId: userId };
  };
  const guardFor =
    ({ organizationId }: MemberCaller): TemplateGuard =>
    async (tx, { slug }, changes) => {
      if (changes === null) {
        await lockTemplateRoom(tx, organizationId);
        checkRoom(await getTemplateRoom(tx, organizationId));
      }
      if (changes === null || changes.some(({ field }) => field === 'slug'))
        await checkSlug(tx, { organizationId, slug });
    };
  const checkSlug = async (
    tx: DatabaseTransaction,
    { organizationId, slug }: { readonly organizationId: string; readonly slug: string },
  ): Promise<void> => {
    // A constraint tells one organization template from another.
    const scopes = await findScopesWithSlug(tx, organizationId, slug);
    const other = scopes.find((each) => each === 'system' || scope === 'user');
    if (other === 'system') throw slugTaken('is the name of a template of the platform, which it would hide');
    if (other !== undefined) throw slugTaken('is the name of a template of the organization, which it would hide');
  };
  return {
    async list(caller, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      return withPrincipal(database, caller, async (tx) => {
        const rows = await listOwnTemplates(tx, homeOf(caller), { limit: limit + 1, after });
        const page = toPage(rows, limit, ({ content, id }) => [content.sort_order, id]);
        return { page, room: await getTemplateRoom(tx, caller.organizationId) };
      });
    },
    get: (caller, id) => withPrincipal(database, caller, (tx) => getTemplate(tx, { ...homeOf(caller), id })),
    create: (caller, write) => writer.create(caller, homeOf(caller), { ...write, guard: guardFor(caller) }),
    change: (caller, id, write) =>
      writer.change(caller, { ...homeOf(caller), id }, { ...write, guard: guardFor(caller) }),
    remove: (caller, id) => writer.remove(caller, { ...homeOf(caller), id }),
  };
}

/** 403 `plan_required` saying what would help. */
function checkRoom({ used, maximum, canCreate, plan, planMaximum, planCanCreate }: TemplateRoom): void {
  if (canCreate && used < maximum) return;
  const isOfPlan = canCreate ? planMaximum === maximum : !planCanCreate;
  const remedy = isOfPlan ? 'Upgrade the plan.' : 'Ask the owner of the platform.';
  const message = !canCreate
    ? `${isOfPlan ? `The plan ${plan} has` : 'The organization may make'} no templates of one's own. ${remedy}`
    : `All ${maximum} templates that ${isOfPlan ? `the plan ${plan}` : 'the organization'} may have of its own are there. Delete one, or: ${remedy}`;
  throw new WeirError('plan_required', { message, details: { plan, used, maximum, upgrade_url: '/billing/plans' } });
}
