// Owns: what is told of a system template: what somebody of an organization sees of it, which organizations have it, its use. Not: changing anything.

import { z } from 'zod';
import { type Caller, isNobody, NOBODY_ID } from '../../../contracts/caller.ts';
import type { TemplateUsagePeriod } from '../../../contracts/catalog/system-model-reports.ts';
import { PEOPLE_SHOWN } from '../../../contracts/catalog/template-reading.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { invalidField } from '../../../contracts/problem.ts';
import { withPrincipal } from '../../../database/principal.ts';
import { viewOf } from './template.rules.ts';
import { getSystemTemplate } from './template.service.ts';
import { countMembers } from './template-config.queries.ts';
import type { SystemTemplate } from './template-list.queries.ts';
import {
  findPlanLevel,
  findPreviewed,
  findPreviewedConfig,
  isSystemSwitchedOff,
  type PreviewedOrganization,
} from './template-report.queries.ts';
import { hiddenReasons } from './template-targeting.rules.ts';
import {
  listTemplateDays,
  listTopOrganizations,
  listTopUsers,
  listUsingOrganizations,
  sumTemplateUse,
  type UseShare,
  type UseSums,
  type UsingOrganization,
} from './template-usage.queries.ts';
import { effectiveLimit, limitWindow, usageSince } from './template-usage.rules.ts';
import type { TemplateParts } from './template-writer.ts';

/** What somebody sees of a template. */
export interface TemplatePreview {
  readonly organization: PreviewedOrganization;
  readonly reasons: ReturnType<typeof hiddenReasons>;
  readonly limit: ReturnType<typeof effectiveLimit>;
  /** The template with what the organization set of it. */
  readonly template: SystemTemplate;
  /** Members whom the switch concerns. */
  readonly peopleAffected: number;
}

/** A template's use. */
export interface TemplateUse {
  readonly template: SystemTemplate;
  readonly from: Date | null;
  readonly to: Date;
  readonly of: 'own' | 'organization' | 'platform';
  readonly totals: UseSums;
  readonly days: Awaited<ReturnType<typeof listTemplateDays>>;
  readonly topUsers: readonly UseShare[] | null;
  readonly topOrganizations: readonly UseShare[] | null;
}

/** Reads. 404 `not_found` for a template that is not the caller's to see. */
export interface TemplateReportService {
  /** 400 naming an organization that is not there. */
  preview(
    caller: Caller,
    id: number,
    as: { readonly role: 'admin' | 'member'; readonly organization: string },
  ): Promise<TemplatePreview>;
  /** By name. */
  organizations(
    caller: Caller,
    id: number,
    page: PageRequest,
  ): Promise<{ readonly page: Page<UsingOrganization>; readonly template: SystemTemplate }>;
  usage(caller: Caller, id: number, period: TemplateUsagePeriod): Promise<TemplateUse>;
}

/** Days told at most: "all" is ten years of them. */
const DAYS_MAX = 3_660;
const place = z.tuple([z.string(), z.uuid()]);

/** Over the given parts. */
export function createTemplateReportService({ database, clock }: TemplateParts): TemplateReportService {
  return {
    preview: (caller, id, { role, organization: wanted }) =>
      withPrincipal(database, caller, async (tx) => {
        const bare = await getSystemTemplate(tx, viewOf(caller), id);
        const organization = await findPreviewed(tx, wanted);
        if (organization === undefined) throw invalidField('organization', 'is not known');
        const config = await findPreviewedConfig(tx, organization.id, id);
        const template = { ...bare, config };
        const reasons = hiddenReasons({
          ...{ content: template.content, organization, as: role, isEnabledForUsers: config.isEnabledForUsers },
          requiredLevel: await findPlanLevel(tx, template.content.required_plan),
          isSwitchedOff: await isSystemSwitchedOff(tx),
        });
        const limit = effectiveLimit(template.content, config.tokenLimitPerUser);
        return { organization, reasons, limit, template, peopleAffected: await countMembers(tx, organization.id) };
      }),

    async organizations(caller, id, { limit, cursor }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      return withPrincipal(database, caller, async (tx) => {
        const template = await getSystemTemplate(tx, viewOf(caller), id);
        const { startMs } = limitWindow(template.content.token_limit_period, clock.nowMs());
        const question = { templateIds: [id], organizationId: null, userId: null, since: new Date(startMs) };
        const rows = await listUsingOrganizations(tx, question, { limit: limit + 1, after });
        return { template, page: toPage(rows, limit, (row) => [row.name, row.id]) };
      });
    },

    async usage(caller, id, period) {
      const nowMs = clock.nowMs();
      const view = viewOf(caller);
      const of = view.organizationId === null ? 'platform' : view.isAdmin ? 'organization' : 'own';
      const since = usageSince(period, nowMs);
      const { organizationId } = view;
      const ownUserId = isNobody(caller) ? NOBODY_ID : caller.userId;
      const question = { templateIds: [id], organizationId, userId: of === 'own' ? ownUserId : null, since };
      return withPrincipal(database, caller, async (tx) => ({
        ...({ template: await getSystemTemplate(tx, view, id), from: since, to: new Date(nowMs), of } as const),
        totals: await sumTemplateUse(tx, question),
        days: await listTemplateDays(tx, question, DAYS_MAX),
        topUsers: of === 'own' ? null : (await listTopUsers(tx, question, PEOPLE_SHOWN)).people,
        topOrganizations: of === 'platform' ? await listTopOrganizations(tx, question, PEOPLE_SHOWN) : null,
      }));
    },
  };
}
