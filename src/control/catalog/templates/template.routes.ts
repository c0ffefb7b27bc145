// Owns: the routes of system templates. Not: what the acts do (template.service.ts), their reports and settings, or a template as JSON (template-json.ts).

import { systemModelEndpoints } from '../../../contracts/catalog/system-models.ts';
import { entityTag } from '../../../contracts/entity-tag.ts';
import { implement, implementForBoth, type Route, reply } from '../../../contracts/route.ts';
import { templateId } from './template.rules.ts';
import type { SystemTemplateView, TemplateService } from './template.service.ts';
import { systemTemplateJson } from './template-json.ts';

/** All of them. */
export function templateRoutes({ templates }: { readonly templates: TemplateService }): Route[] {
  const endpoints = systemModelEndpoints;
  const write = (endpoint: typeof endpoints.update | typeof endpoints.replace) =>
    implement(endpoint, async ({ caller, params, body, ifMatch }) => {
      const { endpoint_api_key: endpointKey, change_summary: summary, ...draft } = body;
      return tagged(await templates.change(caller, templateId(params.id), { draft, endpointKey, summary, ifMatch }));
    });
  const set = (endpoint: typeof endpoints.activate, draft: { is_active: boolean } | { is_featured: boolean }) =>
    implement(endpoint, async ({ caller, params }) =>
      tagged(await templates.change(caller, templateId(params.id), { draft })),
    );
  return [
    implementForBoth(endpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await templates.list(caller, query);
      return { data: items.map(systemTemplateJson), next_cursor: nextCursor };
    }),
    implementForBoth(endpoints.get, async ({ caller, params }) =>
      tagged(await templates.get(caller, templateId(params.id))),
    ),
    implement(endpoints.create, async ({ caller, body }) => {
      const { endpoint_api_key: endpointKey, change_summary: summary, ...draft } = body;
      return tagged(await templates.create(caller, { draft, endpointKey, summary }));
    }),
    write(endpoints.replace),
    write(endpoints.update),
    implement(endpoints.remove, async ({ caller, params, query }) => {
      const id = templateId(params.id);
      if (!query.dry_run) {
        await templates.remove(caller, id);
        return undefined;
      }
      const { template, organizationsEnabled, peopleAffected, peopleWithUse } = await templates.reach(caller, id);
      const data = {
        ...{ id, slug: template.content.slug, organizations_enabled: organizationsEnabled },
        ...{ people_affected: peopleAffected, people_with_use: peopleWithUse },
      };
      return reply.relayed({ output: { data }, status: 200, headers: {}, cookies: [] });
    }),
    set(endpoints.activate, { is_active: true }),
    set(endpoints.deactivate, { is_active: false }),
    set(endpoints.feature, { is_featured: true }),
    set(endpoints.unfeature, { is_featured: false }),
  ];
}

const tagged = (view: SystemTemplateView) =>
  reply.tagged({ data: systemTemplateJson(view) }, entityTag(view.template.version));
