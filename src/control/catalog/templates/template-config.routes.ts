// Owns: the routes by which admins switch system templates on and set limits, and what came of it as JSON. Not: the acts (template-config.service.ts).

import { systemModelSettingEndpoints } from '../../../contracts/catalog/system-model-settings.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import { templateId } from './template.rules.ts';
import type { SwitchOutcome, TemplateConfigService } from './template-config.service.ts';
import { shareJson } from './template-json.ts';
import type { LimitImpact } from './template-limit-impact.ts';

/** All of them. */
export function templateConfigRoutes({ configs }: { readonly configs: TemplateConfigService }): Route[] {
  const { enable, disable, setLimit } = systemModelSettingEndpoints;
  return [
    implement(enable, async ({ caller, params, query: { dry_run: isDryRun } }) => {
      const outcome = await configs.setEnabled(caller, templateId(params.id), { isEnabled: true, isDryRun });
      return { data: switchJson(outcome, isDryRun) };
    }),
    implement(disable, async ({ caller, params, query: { dry_run: isDryRun } }) => {
      const outcome = await configs.setEnabled(caller, templateId(params.id), { isEnabled: false, isDryRun });
      return { data: switchJson(outcome, isDryRun) };
    }),
    implement(setLimit, async ({ caller, params, body, query: { dry_run } }) => {
      const wish = { limit: body.token_limit_per_user, isDryRun: dry_run };
      const { template, limit, isChanged, impact } = await configs.setLimit(caller, templateId(params.id), wish);
      const done = { template_id: template.id, slug: template.content.slug, dry_run, changed: isChanged && !dry_run };
      return { data: { ...done, token_limit_per_user: limit, impact: impactJson(impact) } };
    }),
  ];
}

function switchJson({ template, isEnabled, isChanged, peopleAffected, recent }: SwitchOutcome, isDryRun: boolean) {
  return {
    ...{ template_id: template.id, slug: template.content.slug, dry_run: isDryRun, changed: isChanged && !isDryRun },
    ...{ is_enabled_for_users: isEnabled, people_affected: peopleAffected },
    ...{ people_with_use: recent.count, people: recent.people.map(shareJson) },
  };
}

function impactJson({ period, windowStart, resetsAt, current, proposed, above, people, isServiceAbove }: LimitImpact) {
  return {
    ...{ period, window_start: windowStart.toISOString(), resets_at: resetsAt.toISOString() },
    ...{ current_limit: current, proposed_limit: proposed, people_above: above },
    ...{ people: people.map(shareJson), service_keys_above: isServiceAbove },
  };
}
