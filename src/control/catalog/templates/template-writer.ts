// Owns: making, changing and deleting a template, whoever's it is: checks, row, key, revision, event and audit row in one transaction. Not: who may, or what else
// holds for one scope (its service, by a guard).

import type { Caller } from '../../../contracts/caller.ts';
import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import { checkFresh } from '../../../contracts/entity-tag.ts';
import { invalidFields } from '../../../contracts/problem.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPrincipal } from '../../../database/principal.ts';
import type { SecretBox } from '../../../database/secrets/secret-box.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import {
  endTemplate,
  findDefaultModel,
  findTemplate,
  insertTemplate,
  lockTemplate,
  type Template,
  type TemplateHome,
  type TemplateKey,
  updateTemplate,
} from './template.queries.ts';
import { actOf, type ChangeAct, diffContents, type FieldChange, summaryOf } from './template-change.rules.ts';
import { mergeContent, newContent, planKey, slugTaken, type TemplateDraft } from './template-content.rules.ts';
import { type CheckOutboundUrl, carryOutKeyPlan, checkEndpoint, refuseImpersonated } from './template-key.ts';
import { findReferenceFaults } from './template-references.ts';
import { findLastRevision, insertRevision } from './template-revision.queries.ts';
import { recordTemplateAct } from './template-telling.ts';

/** What templates are made with. */
export interface TemplateParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly audit: Audit;
  readonly events: Events;
  readonly checkUrl: CheckOutboundUrl;
  readonly clock: Clock;
  readonly random: Random;
}

/** What else has to hold, asked in the transaction of the act. `changes` is null for a new template. Throws what refuses it. */
export type TemplateGuard = (
  tx: DatabaseTransaction,
  content: TemplateContent,
  changes: readonly FieldChange[] | null,
) => Promise<void>;

/** What is written of a template. */
export interface TemplateWrite {
  readonly draft: TemplateDraft;
  /** Its endpoint's key; null takes it away. */
  readonly endpointKey?: string | null | undefined;
  readonly summary?: string | undefined;
  readonly guard?: TemplateGuard;
}

/** The acts. 400 naming each field; 409 `conflict` for a slug that is taken; 404 for a template that is not there. */
export interface TemplateWriter {
  create(
    caller: Caller,
    home: TemplateHome,
    write: TemplateWrite & { readonly draft: { readonly name: string } },
  ): Promise<Template>;
  /** 412 `stale` when `ifMatch` names an older version. A change of nothing leaves no trace. */
  change(
    caller: Caller,
    key: TemplateKey,
    write: TemplateWrite & { readonly ifMatch?: string | null; readonly act?: ChangeAct },
  ): Promise<Template>;
  remove(caller: Caller, key: TemplateKey): Promise<void>;
}

/** One for all scopes. */
export function createTemplateWriter(parts: TemplateParts): TemplateWriter {
  const { database, secrets, checkUrl } = parts;
  return {
    async create(caller, home, { draft, endpointKey, summary, guard }) {
      await checkEndpoint(checkUrl, draft.endpoint_base_url);
      return explained(() =>
        withPrincipal(database, caller, async (tx) => {
          const content = newContent(draft, await findDefaultModel(tx));
          const plan = planKey({ keptFor: null, baseUrl: content.endpoint_base_url, key: endpointKey });
          await check(tx, content, null);
          refuseImpersonated(caller, plan, content.endpoint_base_url !== null);
          await guard?.(tx, content, null);
          const id = await insertTemplate(tx, home, { content, createdBy: caller.userId });
          await carryOutKeyPlan(tx, { secrets, plan }, { id, organizationId: home.organizationId });
          const made = await getTemplate(tx, { ...home, id });
          await addRevision(tx, parts, { caller, template: made, summary: summary ?? 'made' });
          await recordTemplateAct(tx, parts, { caller, act: 'create', template: made });
          return made;
        }),
      );
    },

    async change(caller, key, write) {
      await checkEndpoint(checkUrl, write.draft.endpoint_base_url);
      return explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockTemplate(tx, key);
          const before = await getTemplate(tx, key);
          checkFresh(write.ifMatch ?? null, before.version);
          return applyChange(tx, parts, { caller, before, write });
        }),
      );
    },

    remove: (caller, key) =>
      withPrincipal(database, caller, async (tx) => {
        await lockTemplate(tx, key);
        const before = await getTemplate(tx, key);
        await endTemplate(tx, key.id);
        await recordTemplateAct(tx, parts, { caller, act: 'delete', template: before });
      }),
  };
}

/** One template. 404 `not_found`. */
export async function getTemplate(tx: DatabaseTransaction, key: TemplateKey): Promise<Template> {
  const template = await findTemplate(tx, key);
  if (template === undefined) throw new WeirError('not_found');
  return template;
}

async function applyChange(
  tx: DatabaseTransaction,
  parts: TemplateParts,
  change: {
    readonly caller: Caller;
    readonly before: Template;
    readonly write: TemplateWrite & { readonly act?: ChangeAct };
  },
): Promise<Template> {
  const { caller, before, write } = change;
  const content = mergeContent(before.content, write.draft);
  const changes = diffContents(before.content, content);
  const plan = planKey({ keptFor: before.keyOrigin, baseUrl: content.endpoint_base_url, key: write.endpointKey });
  if (changes.length === 0 && plan.act === 'keep') return before;
  await check(tx, content, changes);
  refuseImpersonated(
    caller,
    plan,
    changes.some(({ field }) => field === 'endpoint_base_url'),
  );
  await write.guard?.(tx, content, changes);
  // What was there before revisions were kept would be lost with its first change.
  if (changes.length > 0 && (await findLastRevision(tx, before.id)) === 0)
    await addRevision(tx, parts, { caller, template: before, summary: 'as it was before' });
  await updateTemplate(tx, before.id, content);
  await carryOutKeyPlan(tx, { secrets: parts.secrets, plan }, before);
  const after = await getTemplate(tx, before);
  if (changes.length > 0)
    await addRevision(tx, parts, { caller, template: after, summary: write.summary ?? summaryOf(changes) });
  const act = write.act ?? actOf(changes);
  await recordTemplateAct(tx, parts, { caller, act, template: after, changes, isKeyChanged: plan.act !== 'keep' });
  return after;
}

async function check(
  tx: DatabaseTransaction,
  content: TemplateContent,
  changes: readonly FieldChange[] | null,
): Promise<void> {
  const faults = await findReferenceFaults(tx, content, changes);
  if (faults.length > 0) throw invalidFields(faults);
}

async function addRevision(
  tx: DatabaseTransaction,
  { clock, random }: TemplateParts,
  { caller, template, summary }: { readonly caller: Caller; readonly template: Template; readonly summary: string },
): Promise<void> {
  await insertRevision(tx, {
    id: createUuidV7(clock.nowMs(), random),
    templateId: template.id,
    revision: (await findLastRevision(tx, template.id)) + 1,
    snapshot: template.content,
    changeSummary: summary,
    changedBy: caller.userId,
  });
}

/** The constraint that refused, as the error it stands for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) === 'templates_slug_once') throw slugTaken('is taken by another template');
    throw error;
  }
}
