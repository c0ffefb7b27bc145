// Owns: what the audit log and product events are told of acts on templates. Not: the acts.

import type { Caller } from '../../../contracts/caller.ts';
import type { ProductEventName } from '../../../contracts/product-events.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import type { Audit } from '../../audit/index.ts';
import type { Events } from '../../events/index.ts';
import type { Template } from './template.queries.ts';
import type { ChangeAct, FieldChange } from './template-change.rules.ts';

const EVENTS = {
  ...{ create: 'template_created', update: 'template_updated', rollback: 'template_updated' },
  ...{ feature: 'template_updated', unfeature: 'template_updated', delete: 'template_deleted' },
  ...{ activate: 'template_activated', deactivate: 'template_deactivated' },
} as const satisfies Record<ChangeAct | 'create' | 'delete', ProductEventName>;

/**
 * Tells of an act in its transaction. Of a person's own template admins learn that there was one, never which: neither its name nor what is in it goes into the
 * organization's log or events.
 */
export async function recordTemplateAct(
  tx: DatabaseTransaction,
  { audit, events }: { readonly audit: Audit; readonly events: Events },
  act: {
    readonly caller: Caller;
    readonly act: keyof typeof EVENTS;
    readonly template: Template;
    readonly changes?: readonly FieldChange[];
    readonly isKeyChanged?: boolean;
  },
): Promise<void> {
  const { caller, template, changes, isKeyChanged = false } = act;
  const { id, scope, organizationId, content } = template;
  const isPrivate = scope === 'user';
  await events.record(
    tx,
    { userId: caller.userId, organizationId },
    { name: EVENTS[act.act], properties: { template_id: id, slug: isPrivate ? '' : content.slug } },
  );
  const sides = isPrivate ? {} : sidesOf(act.act, template, changes);
  const key = isKeyChanged && !isPrivate ? { endpoint_key_last_four: template.keyLastFour } : {};
  await audit.record(tx, caller, {
    ...{ action: `template.${act.act}`, targetType: 'template', targetId: String(id), organizationId },
    ...(sides.before === undefined ? {} : { before: { scope, ...sides.before } }),
    after: act.act === 'delete' && !isPrivate ? undefined : { scope, ...sides.after, ...key },
  });
}

/** What a reader of the log wants to see: of a change what changed, else all. */
function sidesOf(
  act: keyof typeof EVENTS,
  { content }: Template,
  changes: readonly FieldChange[] | undefined,
): { readonly before?: object; readonly after?: object } {
  if (act === 'create') return { after: content };
  if (act === 'delete') return { before: content };
  const side = (of: 'from' | 'to') => Object.fromEntries((changes ?? []).map((change) => [change.field, change[of]]));
  return { before: { slug: content.slug, ...side('from') }, after: { slug: content.slug, ...side('to') } };
}
