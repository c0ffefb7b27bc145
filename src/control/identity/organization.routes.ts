// Owns: the routes of organizations, and an organization as JSON. Not: what the acts do (organization.service.ts).

import type { z } from 'zod';
import { entityTag } from '../../contracts/entity-tag.ts';
import {
  organizationEndpoints,
  type organizationSchema,
  organizationSettings,
} from '../../contracts/identity/organizations.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { Organization } from './organization.queries.ts';
import type { OrganizationService } from './organization.service.ts';

/** All of them. */
export function organizationRoutes({ organizations }: { readonly organizations: OrganizationService }): Route[] {
  const { create, list, get, update, remove, restore } = organizationEndpoints;
  return [
    implement(create, async ({ caller, body }) => {
      const { name, slug, business_type: businessType, billing_email: billingEmail } = body;
      return answer(await organizations.create(caller, { name, slug, businessType, billingEmail }));
    }),
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await organizations.list(caller, query);
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(get, async ({ caller }) => answer(await organizations.get(caller))),
    implement(update, async ({ caller, body, ifMatch }) => {
      const { business_type: businessType, billing_email: billingEmail, default_model_id: defaultModelId } = body;
      const { name, slug, logo, settings } = body;
      const change = { name, slug, logo, settings, businessType, billingEmail, defaultModelId };
      return answer(await organizations.update(caller, change, ifMatch));
    }),
    implement(remove, async ({ caller }) => {
      await organizations.remove(caller);
      return undefined;
    }),
    implement(restore, async ({ caller }) => answer(await organizations.restore(caller))),
  ];
}

const answer = (organization: Organization) =>
  reply.tagged({ data: toJson(organization) }, entityTag(organization.version));

function toJson(organization: Organization): z.input<typeof organizationSchema> {
  const { deletionRequestedAt, deleteAfter } = organization;
  return {
    id: organization.id,
    name: organization.name,
    slug: organization.slug,
    logo: organization.logo,
    business_type: organization.businessType,
    pricing_plan: organization.pricingPlan,
    status: organization.status,
    token_quota_monthly: organization.tokenQuotaMonthly === null ? null : Number(organization.tokenQuotaMonthly),
    token_usage_current: Number(organization.tokenUsageCurrent),
    token_reset_date: organization.tokenResetAt.toISOString(),
    can_create_custom_models: organization.canCreateCustomModels,
    max_custom_models: organization.maxCustomModels,
    default_model_id: organization.defaultModelId,
    billing_email: organization.billingEmail,
    settings: organizationSettings.parse(organization.settings),
    deletion_requested_at: deletionRequestedAt?.toISOString() ?? null,
    delete_after: deleteAfter?.toISOString() ?? null,
    role: organization.role,
    created_at: organization.createdAt.toISOString(),
    updated_at: organization.updatedAt.toISOString(),
  };
}
