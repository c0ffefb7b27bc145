// Owns: the routes by which the platform administers organizations, and organizations as JSON. Not: the acts.

import type { z } from 'zod';
import { entityTag } from '../../contracts/entity-tag.ts';
import {
  adminOrganizationEndpoints,
  type adminOrganizationSchema,
} from '../../contracts/platform/admin-organizations.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { AdminOrganization } from './admin-organization.queries.ts';
import type { AdminOrganizationService } from './admin-organization.service.ts';

/** All of them. */
export function adminOrganizationRoutes({
  adminOrganizations,
}: {
  readonly adminOrganizations: AdminOrganizationService;
}): Route[] {
  return [
    implement(adminOrganizationEndpoints.list, async ({ caller, query }) => {
      const { business_type: businessType, ...rest } = query;
      const { items, nextCursor } = await adminOrganizations.list(caller, { ...rest, businessType });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(adminOrganizationEndpoints.get, async ({ caller, params }) =>
      tagged(await adminOrganizations.get(caller, params.id)),
    ),
    implement(adminOrganizationEndpoints.update, async ({ caller, params, body, ifMatch }) => {
      const quota = body.token_quota_monthly;
      const { organization, lotsGranted } = await adminOrganizations.update(caller, params.id, {
        ...{ name: body.name, businessType: body.business_type, pricingPlan: body.pricing_plan, ifMatch },
        tokenQuotaMonthly: typeof quota === 'number' ? BigInt(quota) : quota,
        ...{ canCreateCustomModels: body.can_create_custom_models, maxCustomModels: body.max_custom_models },
      });
      const output = { data: { ...toJson(organization), credit_lots_granted: lotsGranted } };
      return reply.tagged(output, entityTag(organization.version));
    }),
    implement(adminOrganizationEndpoints.suspend, async ({ caller, params, body }) =>
      tagged(await adminOrganizations.suspend(caller, params.id, body.reason)),
    ),
    implement(adminOrganizationEndpoints.resume, async ({ caller, params }) =>
      tagged(await adminOrganizations.resume(caller, params.id)),
    ),
  ];
}

const tagged = (organization: AdminOrganization) =>
  reply.tagged({ data: toJson(organization) }, entityTag(organization.version));

const count = (amount: bigint | null): number | null => (amount === null ? null : Number(amount));

function toJson(organization: AdminOrganization): z.input<typeof adminOrganizationSchema> {
  const { id, name, slug, status } = organization;
  return {
    ...{ id, name, slug, business_type: organization.businessType, pricing_plan: organization.pricingPlan },
    ...{ status, status_reason: organization.statusReason },
    token_quota_monthly: count(organization.tokenQuotaMonthly),
    can_create_custom_models: organization.canCreateCustomModels,
    max_custom_models: organization.maxCustomModels,
    effective: {
      token_quota_monthly: count(organization.effectiveTokenQuota),
      can_create_custom_models: organization.effectiveCanCreateCustomModels,
      max_custom_models: organization.effectiveMaxCustomModels,
    },
    token_usage_current: Number(organization.tokenUsageCurrent),
    token_reset_date: organization.tokenResetAt.toISOString(),
    member_count: organization.memberCount,
    billing_email: organization.billingEmail,
    deletion_requested_at: organization.deletionRequestedAt?.toISOString() ?? null,
    delete_after: organization.deleteAfter?.toISOString() ?? null,
    created_at: organization.createdAt,
    updated_at: organization.updatedAt.toISOString(),
  };
}
