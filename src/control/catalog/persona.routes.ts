// Owns: the routes of personas, and a persona as JSON. Not: what the acts do (persona.service.ts).

import type { z } from 'zod';
import type { Caller } from '../../contracts/caller.ts';
import { type keptPersonaSchema, personaEndpoints, type personaSchema } from '../../contracts/catalog/personas.ts';
import { entityTag } from '../../contracts/entity-tag.ts';
import type { PageRequest } from '../../contracts/paging.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { Persona } from './persona.queries.ts';
import type { PersonaService, ServedPersona } from './persona.service.ts';

/** All of them. */
export function personaRoutes({ personas }: { readonly personas: PersonaService }): Route[] {
  const { list, create, update, remove, listPlatform, listOwn, createOwn, updateOwn, removeOwn } = personaEndpoints;
  const kept = async (caller: Caller, page: PageRequest) => {
    const { items, nextCursor } = await personas.list(caller, page);
    return { data: items.map(keptJson), next_cursor: nextCursor };
  };
  return [
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await personas.listServed(caller, query);
      return { data: items.map(servedJson), next_cursor: nextCursor };
    }),
    implement(listPlatform, ({ caller, query }) => kept(caller, query)),
    implement(create, async ({ caller, body }) => answer(await personas.create(caller, body))),
    implement(update, async ({ caller, params, body, ifMatch }) =>
      answer(await personas.update(caller, params.id, { change: body, ifMatch })),
    ),
    implement(remove, async ({ caller, params }) => {
      await personas.remove(caller, params.id);
      return undefined;
    }),
    implement(listOwn, ({ caller, query }) => kept(caller, query)),
    implement(createOwn, async ({ caller, body }) => answer(await personas.create(caller, body))),
    implement(updateOwn, async ({ caller, params, body, ifMatch }) =>
      answer(await personas.update(caller, params.id, { change: body, ifMatch })),
    ),
    implement(removeOwn, async ({ caller, params }) => {
      await personas.remove(caller, params.id);
      return undefined;
    }),
  ];
}

const answer = (persona: Persona) => reply.tagged({ data: keptJson(persona) }, entityTag(persona.version));

function shapeOf({ id, slug, name, description, avatar, scope, sortOrder }: Persona) {
  return { id, slug, name, description, avatar, scope, sortOrder };
}

function servedJson({ persona, model }: ServedPersona): z.input<typeof personaSchema> {
  if (model === null) return { ...shapeOf(persona), model };
  const { modelId: id, displayName, why, fallback } = model;
  return { ...shapeOf(persona), model: { id, displayName, why, fallback } };
}

function keptJson(persona: Persona): z.input<typeof keptPersonaSchema> {
  const { systemPrompt, defaultModelId, isActive, createdAt, updatedAt } = persona;
  return {
    ...{ ...shapeOf(persona), systemPrompt, defaultModelId, isActive },
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  };
}
