// Owns: what an organization's admin sets of system templates: on or off for its people, and their limit, with whom that concerns. Not: the templates
// (template.service.ts), or the limit's counters (the ledger).

import type { MemberCaller } from '../../../contracts/caller.ts';
import { PEOPLE_SHOWN } from '../../../contracts/catalog/template-reading.ts';
import { invalidField } from '../../../contracts/problem.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import { withPrincipal } from '../../../database/principal.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import { viewOf } from './template.rules.ts';
import { getSystemTemplate } from './template.service.ts';
import { countMembers, findMonthlyQuota, listPeople, setConfig } from './template-config.queries.ts';
import { type LimitImpact, readLimitImpact } from './template-limit-impact.ts';
import type { SystemTemplate } from './template-list.queries.ts';
import { listTopUsers, type UseShare } from './template-usage.queries.ts';
import { sinceDays } from './template-usage.rules.ts';
import type { TemplateParts } from './template-writer.ts';

const RECENT_DAYS = 30;

/** What switching came to, or would. */
export interface SwitchOutcome {
  readonly template: SystemTemplate;
  readonly isEnabled: boolean;
  readonly isChanged: boolean;
  readonly peopleAffected: number;
  /** Who used it in the last 30 days. */
  readonly recent: { readonly count: number; readonly people: readonly UseShare[] };
}

/** What setting a limit came to, or would. */
export interface LimitOutcome {
  readonly template: SystemTemplate;
  readonly limit: number | null;
  readonly isChanged: boolean;
  readonly impact: LimitImpact;
}

/** The acts. 404 `not_found` for a template that does not fit the organization. `isDryRun`: says what it would do, and does nothing. */
export interface TemplateConfigService {
  setEnabled(
    caller: MemberCaller,
    id: number,
    wish: { readonly isEnabled: boolean; readonly isDryRun: boolean },
  ): Promise<SwitchOutcome>;
  /** In tokens per person and period of the template; null: the template's own. 400 for one above the organization's monthly quota. */
  setLimit(
    caller: MemberCaller,
    id: number,
    wish: { readonly limit: number | null; readonly isDryRun: boolean },
  ): Promise<LimitOutcome>;
}

/** Over the given parts. */
export function createTemplateConfigService(parts: TemplateParts): TemplateConfigService {
  const { database, audit, events, clock, random } = parts;
  const newId = (): string => createUuidV7(clock.nowMs(), random);
  return {
    setEnabled: (caller, id, { isEnabled, isDryRun }) =>
      withPrincipal(database, caller, async (tx) => {
        const { organizationId } = caller;
        const template = await getSystemTemplate(tx, viewOf(caller), id);
        const isChanged = template.config?.isEnabledForUsers !== isEnabled;
        const question = {
          templateIds: [id],
          organizationId,
          userId: null,
          since: sinceDays(clock.nowMs(), RECENT_DAYS),
        };
        const recent = await listTopUsers(tx, question, PEOPLE_SHOWN);
        const peopleAffected = isChanged ? await countMembers(tx, organizationId) : 0;
        if (isChanged && !isDryRun) {
          const config = { id: newId(), updatedBy: caller.userId, isEnabledForUsers: isEnabled };
          await setConfig(tx, { organizationId, templateId: id }, config);
          const { slug } = template.content;
          await events.record(tx, caller, {
            name: isEnabled ? 'template_enabled_for_users' : 'template_disabled_for_users',
            properties: { template_id: id, slug, people_affected: peopleAffected },
          });
          await audit.record(tx, caller, {
            ...{
              action: isEnabled ? 'template.enable' : 'template.disable',
              targetType: 'template',
              targetId: String(id),
            },
            before: { slug, is_enabled_for_users: !isEnabled },
            after: { slug, is_enabled_for_users: isEnabled, people_affected: peopleAffected },
          });
        }
        return { template, isEnabled, isChanged, peopleAffected, recent };
      }),

    async setLimit(caller, id, { limit, isDryRun }) {
      const { organizationId } = caller;
      const known = await withPrincipal(database, caller, async (tx) => {
        const template = await getSystemTemplate(tx, viewOf(caller), id);
        const quota = await findMonthlyQuota(tx, organizationId);
        if (limit !== null && quota !== null && BigInt(limit) > quota) throw aboveQuota(quota);
        return { template, people: await listPeople(tx, organizationId) };
      });
      const { template } = known;
      const impact = await readLimitImpact(parts, { ...known, organizationId, proposed: limit });
      const before = template.config?.tokenLimitPerUser ?? null;
      const isChanged = before !== limit;
      if (isChanged && !isDryRun)
        await explained(() =>
          withPrincipal(database, caller, async (tx) => {
            const config = { id: newId(), updatedBy: caller.userId, tokenLimitPerUser: limit };
            await setConfig(tx, { organizationId, templateId: id }, config);
            const { slug } = template.content;
            await events.record(tx, caller, {
              name: 'template_limit_set',
              properties: { template_id: id, slug, token_limit_per_user: limit },
            });
            await audit.record(tx, caller, {
              ...{ action: 'template.set_limit', targetType: 'template', targetId: String(id) },
              before: { slug, token_limit_per_user: before },
              after: { slug, token_limit_per_user: limit, people_above: impact.above },
            });
          }),
        );
      return { template, limit, isChanged, impact };
    },
  };
}

function aboveQuota(quota: bigint | null) {
  const most = quota === null ? '' : ` of ${quota} tokens`;
  return invalidField('token_limit_per_user', `is more than the organization's monthly quota${most}`);
}

/** The quota may have sunk since it was asked for, and the template gone. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'org_system_model_config_limit_within_quota') throw aboveQuota(null);
    if (constraint === 'org_system_model_config_system_templates_only') throw new WeirError('not_found');
    throw error;
  }
}
