// Owns: the routes that tell of system templates, and what they tell as JSON. Not: finding it out (template-report.service.ts, template-revision.service.ts).

import type { Caller } from '../../../contracts/caller.ts';
import { systemModelReportEndpoints } from '../../../contracts/catalog/system-model-reports.ts';
import { entityTag } from '../../../contracts/entity-tag.ts';
import type { PlanSlug } from '../../../contracts/enumerations.ts';
import { implement, implementForBoth, type Route, reply } from '../../../contracts/route.ts';
import { formatUsd } from '../../../primitives/amounts.ts';
import { templateId } from './template.rules.ts';
import type { TemplateService } from './template.service.ts';
import { shareJson, systemTemplateJson } from './template-json.ts';
import type { TemplatePreview, TemplateReportService, TemplateUse } from './template-report.service.ts';
import type { RevisionDiff, TemplateRevisionService } from './template-revision.service.ts';

/** All of them. */
export function templateReportRoutes(services: {
  readonly templates: TemplateService;
  readonly reports: TemplateReportService;
  readonly revisions: TemplateRevisionService;
}): Route[] {
  const { templates, reports, revisions } = services;
  const { preview, organizations, usage, rollback } = systemModelReportEndpoints;
  const tagged = async (caller: Caller, id: number) => {
    const view = await templates.get(caller, id);
    return reply.tagged({ data: systemTemplateJson(view) }, entityTag(view.template.version));
  };
  return [
    implement(preview, async ({ caller, params, query }) => {
      const { as, organization } = query;
      const seen = await reports.preview(caller, templateId(params.id), { role: as, organization });
      return { data: previewJson(seen, as) };
    }),
    implement(organizations, async ({ caller, params, query }) => {
      const { page, template } = await reports.organizations(caller, templateId(params.id), query);
      const period = template.content.token_limit_period ?? 'monthly';
      const data = page.items.map(({ isEnabledForUsers, tokenLimitPerUser, people, used, ...organization }) => ({
        ...organizationJson(organization),
        ...{ is_enabled_for_users: isEnabledForUsers, people, used: Number(used), period },
        token_limit_per_user: tokenLimitPerUser === null ? null : Number(tokenLimitPerUser),
      }));
      return { data, next_cursor: page.nextCursor };
    }),
    implement(systemModelReportEndpoints.revisions, async ({ caller, params, query }) => {
      const { items, nextCursor } = await revisions.list(caller, templateId(params.id), query);
      return { data: items.map(revisionJson), next_cursor: nextCursor };
    }),
    implement(rollback, async ({ caller, params, body, ifMatch }) => {
      const { revision, change_summary: summary, endpoint_api_key: endpointKey } = body;
      const id = templateId(params.id);
      await revisions.rollback(caller, id, { revision, summary, endpointKey, ifMatch });
      return tagged(caller, id);
    }),
    implementForBoth(usage, async ({ caller, params, query }) => ({
      data: { ...usageJson(await reports.usage(caller, templateId(params.id), query.period)), period: query.period },
    })),
  ];
}

function organizationJson(organization: {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly businessType: string | null;
  readonly pricingPlan: string;
}) {
  const { id, name, slug, businessType, pricingPlan } = organization;
  return { id, name, slug, business_type: businessType, pricing_plan: pricingPlan as PlanSlug };
}

function previewJson(
  { organization, reasons, limit, template, peopleAffected }: TemplatePreview,
  as: 'admin' | 'member',
) {
  const visible = reasons.length === 0;
  const view = { organizationId: organization.id, isAdmin: as === 'admin' };
  return {
    organization: organizationJson({ ...organization, pricingPlan: organization.plan }),
    ...{ as, visible, reasons: [...reasons] },
    limit: { ...limit, period: template.content.token_limit_period ?? ('monthly' as const) },
    template: visible ? systemTemplateJson({ template, view, peopleAffected }) : null,
  };
}

function revisionJson({ revision, comparedWith, changes }: RevisionDiff) {
  return {
    ...{ revision: revision.revision, change_summary: revision.changeSummary, changed_by: revision.changedBy },
    ...{ created_at: revision.createdAt.toISOString(), compared_with: comparedWith, changes: [...changes] },
  };
}

function usageJson({ template, from, to, of, totals, days, topUsers, topOrganizations }: TemplateUse) {
  const [input, output] = [Number(totals.inputTokens), Number(totals.outputTokens)];
  return {
    ...{ template_id: template.id, slug: template.content.slug, of },
    ...{ from: from?.toISOString() ?? null, to: to.toISOString() },
    totals: {
      ...{ requests: Number(totals.requests), errors: Number(totals.errors), denied: Number(totals.denied) },
      ...{ input_tokens: input, output_tokens: output, tokens: input + output },
      ...{ cost_usd: formatUsd(totals.costNanoUsd), active_users: Number(totals.activeUsers) },
    },
    days: days.map(({ day, requests, tokens, activeUsers }) => ({
      ...{ day, requests: Number(requests), tokens: Number(tokens), active_users: Number(activeUsers) },
    })),
    ...(topUsers === null ? {} : { top_users: topUsers.map(shareJson) }),
    ...(topOrganizations === null ? {} : { top_organizations: topOrganizations.map(shareJson) }),
  };
}
