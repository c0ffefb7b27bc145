// Owns: the routes of impact previews. Not: the previews (impact.service.ts), or one of them as JSON (impact-json.rules.ts).

import { impactEndpoints } from '../../../contracts/analytics/impact.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import type { ImpactService } from './impact.service.ts';
import { impactJson, platformImpactJson } from './impact-json.rules.ts';

/** Both. */
export function impactRoutes({ impact }: { readonly impact: ImpactService }): Route[] {
  return [
    implement(impactEndpoints.organization, async ({ caller, body }) => {
      const { organizationId } = caller;
      return { data: impactJson(await impact.preview(caller, { ...body, organizationId, isPlatform: false })) };
    }),
    implement(impactEndpoints.platform, async ({ caller, body }) => {
      const { proposal, days, organization_id: organizationId = null } = body;
      const question = { proposal, days, organizationId, isPlatform: true };
      return { data: platformImpactJson(await impact.preview(caller, question)) };
    }),
  ];
}
