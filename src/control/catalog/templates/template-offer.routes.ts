// Owns: the routes by which people find templates to use, and an offer as JSON. Not: which they are (template-offer.service.ts).

import { templateEndpoints } from '../../../contracts/catalog/templates.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import { templateId } from './template.rules.ts';
import { faceJson } from './template-json.ts';
import type { TemplateOffer, TemplateOfferService } from './template-offer.service.ts';

/** All of them. */
export function templateOfferRoutes({ offers }: { readonly offers: TemplateOfferService }): Route[] {
  return [
    implement(templateEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await offers.list(caller, query);
      return { data: items.map(offerJson), next_cursor: nextCursor };
    }),
    implement(templateEndpoints.get, async ({ caller, params }) => ({
      data: offerJson(await offers.get(caller, templateId(params.id))),
    })),
  ];
}

function offerJson({ offered: { template, model }, left }: TemplateOffer) {
  const { slug, is_featured, is_free } = template.content;
  const { trial, used, held, limit, period, resetsAt, percent, level, unusable } = left;
  return {
    ...faceJson(template),
    ...{ call_as: `template:${slug}`, is_featured, is_free },
    model: model === null ? null : { id: model.id, name: model.name, tier: model.tier },
    trial:
      trial === null
        ? null
        : {
            ...{ days: trial.days, started_at: trial.startedAt?.toISOString() ?? null },
            ends_at: trial.endsAt?.toISOString() ?? null,
          },
    usage: {
      ...{ used: Number(used), held: Number(held), limit, period, percent, warning_level: level },
      resets_at: resetsAt.toISOString(),
    },
    ...{ is_usable: unusable === null, unusable_reason: unusable },
  };
}
