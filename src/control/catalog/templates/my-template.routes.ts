// Owns: the routes of templates that organizations and people keep of their own. Not: what the acts do (my-template.service.ts).

import { myModelEndpoints } from '../../../contracts/catalog/my-models.ts';
import { organizationModelEndpoints } from '../../../contracts/catalog/organization-models.ts';
import { entityTag } from '../../../contracts/entity-tag.ts';
import { implement, type Route, reply } from '../../../contracts/route.ts';
import type { OwnTemplateService } from './my-template.service.ts';
import type { Template } from './template.queries.ts';
import { templateId } from './template.rules.ts';
import { ownTemplateJson } from './template-json.ts';

/** All of them. */
export function myTemplateRoutes(services: {
  readonly organizationTemplates: OwnTemplateService;
  readonly myTemplates: OwnTemplateService;
}): Route[] {
  return [
    ...ownRoutes(organizationModelEndpoints, services.organizationTemplates),
    ...ownRoutes(myModelEndpoints, services.myTemplates),
  ];
}

/** The same five for both: what differs is whose they are. */
function ownRoutes(
  endpoints: typeof organizationModelEndpoints | typeof myModelEndpoints,
  templates: OwnTemplateService,
): Route[] {
  const { list, create, get, update, remove } = endpoints as typeof myModelEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { page, room } = await templates.list(caller, query);
      const { used, maximum, canCreate } = room;
      return {
        ...{ data: page.items.map(ownTemplateJson), next_cursor: page.nextCursor },
        allowance: { used, maximum, can_create: canCreate },
      };
    }),
    implement(create, async ({ caller, body: { endpoint_api_key: endpointKey, ...draft } }) =>
      tagged(await templates.create(caller, { draft, endpointKey })),
    ),
    implement(get, async ({ caller, params }) => tagged(await templates.get(caller, templateId(params.id)))),
    implement(update, async ({ caller, params, body: { endpoint_api_key: endpointKey, ...draft }, ifMatch }) =>
      tagged(await templates.change(caller, templateId(params.id), { draft, endpointKey, ifMatch })),
    ),
    implement(remove, async ({ caller, params }) => {
      await templates.remove(caller, templateId(params.id));
      return undefined;
    }),
  ];
}

const tagged = (template: Template) => reply.tagged({ data: ownTemplateJson(template) }, entityTag(template.version));
