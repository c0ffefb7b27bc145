// Owns: the acts on personas of the platform and of organizations, and listing them for people. Not: which model serves one (handed in by entitlements), or
// conversations (chat).

import { z } from 'zod';
import type { Caller, MemberCaller } from '../../contracts/caller.ts';
import type { Selection } from '../../contracts/entitlements/model-selection.ts';
import { checkFresh } from '../../contracts/entity-tag.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import {
  canChatAsPersona,
  endPersona,
  insertPersona,
  listActivePersonas,
  listPersonas,
  lockPersona,
  type Persona,
  type PersonaChange,
  type PersonaFields,
  type PersonaOwner,
  type PersonaPlace,
  updatePersona,
} from './persona.queries.ts';

/** The model that serves a person as a persona. */
export interface PersonaModel extends Selection {
  readonly displayName: string;
}

/** Says which model serves a caller as each of some personas, by persona id; null where none works. Entitlements' to know. */
export interface PersonaModels {
  select(caller: MemberCaller, personas: readonly Persona[]): Promise<ReadonlyMap<string, PersonaModel | null>>;
}

/** A persona with what serves. */
export interface ServedPersona {
  readonly persona: Persona;
  readonly model: PersonaModel | null;
}

/** Who keeps personas, and whose: an organization's admin its own, a superadmin (in no organization) the platform's. */
export interface PersonaService {
  /** Those there are for a member: active ones of the platform and of the organization. */
  listServed(caller: MemberCaller, page: PageRequest): Promise<Page<ServedPersona>>;
  /** All that the caller keeps. */
  list(caller: Caller, page: PageRequest): Promise<Page<Persona>>;
  /** 409 for a slug that is taken; 400 for a model that is not enabled or can not chat. */
  create(caller: Caller, persona: PersonaFields): Promise<Persona>;
  /** 404 for another's; 412 `stale` when `ifMatch` names an older version. */
  update(
    caller: Caller,
    id: string,
    edit: { readonly change: PersonaChange; readonly ifMatch: string | null },
  ): Promise<Persona>;
  remove(caller: Caller, id: string): Promise<void>;
}

const place = z.tuple([z.int32(), z.string(), z.uuid()]);
const placeOf = ({ sortOrder, name, id }: Persona): PersonaPlace => [sortOrder, name, id];
const keeperOf = ({ organizationId }: Caller): PersonaOwner => organizationId;

/** Over the given database. */
export function createPersonaService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly models: PersonaModels;
  readonly clock: Clock;
  readonly random: Random;
}): PersonaService {
  const { database, audit, models, clock, random } = options;
  const pageAfter = ({ limit, cursor }: PageRequest) => ({
    limit: limit + 1,
    after: cursor === undefined ? null : decodeCursor(cursor, place),
  });
  return {
    async listServed(caller, page) {
      const asked = pageAfter(page);
      const rows = await withPrincipal(database, caller, (tx) => listActivePersonas(tx, caller.organizationId, asked));
      const { items, nextCursor } = toPage(rows, page.limit, placeOf);
      const serving = await models.select(caller, items);
      return { items: items.map((persona) => ({ persona, model: serving.get(persona.id) ?? null })), nextCursor };
    },

    async list(caller, page) {
      const asked = pageAfter(page);
      const rows = await withPrincipal(database, caller, (tx) => listPersonas(tx, keeperOf(caller), asked));
      return toPage(rows, page.limit, placeOf);
    },

    create: (caller, fields) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await checkModel(tx, fields.defaultModelId);
          const id = createUuidV7(clock.nowMs(), random);
          const persona = await insertPersona(tx, keeperOf(caller), { ...fields, id });
          await audit.record(tx, caller, {
            ...{ action: 'persona.create', targetType: 'persona', targetId: id, after: audited(persona) },
          });
          return persona;
        }),
      ),

    update: (caller, id, { change, ifMatch }) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          const before = await getLocked(tx, keeperOf(caller), id);
          checkFresh(ifMatch, before.version);
          if (change.defaultModelId !== before.defaultModelId) await checkModel(tx, change.defaultModelId);
          const after = await updatePersona(tx, id, change);
          await audit.record(tx, caller, {
            ...{ action: 'persona.update', targetType: 'persona', targetId: id },
            ...{ before: audited(before), after: audited(after) },
          });
          return after;
        }),
      ),

    remove: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getLocked(tx, keeperOf(caller), id);
        await endPersona(tx, id);
        await audit.record(tx, caller, {
          ...{ action: 'persona.delete', targetType: 'persona', targetId: id, before: audited(before) },
        });
      }),
  };
}

async function getLocked(tx: DatabaseTransaction, owner: PersonaOwner, id: string): Promise<Persona> {
  const persona = await lockPersona(tx, owner, id);
  if (persona === undefined) throw new WeirError('not_found');
  return persona;
}

async function checkModel(tx: DatabaseTransaction, modelId: string | null | undefined): Promise<void> {
  if (typeof modelId === 'string' && !(await canChatAsPersona(tx, modelId)))
    throw invalidField('defaultModelId', 'is not an enabled model that can chat');
}

function audited({ slug, name, systemPrompt, defaultModelId, isActive, sortOrder }: Persona): Record<string, unknown> {
  return {
    ...{ slug, name, system_prompt: systemPrompt, default_model_id: defaultModelId },
    ...{ is_active: isActive, sort_order: sortOrder },
  };
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) !== 'personas_slug_once') throw error;
    throw new WeirError('conflict', {
      message: 'There is a persona of this slug.',
      param: 'slug',
      details: { errors: [{ path: 'slug', message: 'is taken' }] },
    });
  }
}
