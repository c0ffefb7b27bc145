// Owns: which models there are for a person, by what right, what is left of trial and day. Not: choosing among them (model-preference.service.ts), granting
// (grant.service.ts), or deciding calls (the gateway).

import type { MemberCaller } from '../../contracts/caller.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { type DailyUse, listDailyUse, listMessagesToday } from './daily-use.queries.ts';
import { type ModelAccess, modelAccess } from './model-access.rules.ts';
import {
  findOfferedModel,
  listOfferedModels,
  listRights,
  type OfferedModel,
  type Right,
} from './model-offer.queries.ts';
import { findPreferences, type ModelPreferences } from './model-preference.queries.ts';
import { findModelSwitches, type ModelUse, readModelUse } from './model-use.queries.ts';
import { personOf } from './person.ts';

/** A model with what it is to a person. */
export interface ModelOffer {
  readonly model: OfferedModel;
  readonly access: ModelAccess;
  readonly use: ModelUse;
}

/** Reading only. A model that is not there, or not enabled, is 404 `not_found`. */
export interface ModelOfferService {
  /** The whole catalog, by tier and order. A constant number of queries. */
  list(
    caller: MemberCaller,
  ): Promise<{ readonly offers: readonly ModelOffer[]; readonly preferences: ModelPreferences }>;
  get(caller: MemberCaller, modelId: string): Promise<ModelOffer>;
  /** With the use of 30 days, today last. */
  usage(
    caller: MemberCaller,
    modelId: string,
  ): Promise<{ readonly offer: ModelOffer; readonly days: readonly DailyUse[] }>;
}

/** What is read as the person, before their counters are. */
interface FoundModels {
  readonly models: readonly OfferedModel[];
  readonly rights: readonly Right[];
  /** Messages of today by model, of those without a limit too. */
  readonly uncounted: ReadonlyMap<string, bigint>;
  readonly nowMs: number;
}

/** Days that a model's use is shown of. */
const DAYS = 30;

/** Over the given database. */
export function createModelOfferService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): ModelOfferService {
  const { database, clock } = options;

  const withUse = (caller: MemberCaller, found: FoundModels): Promise<ModelOffer[]> =>
    withPlatform(database, 'read what a person used of models', async (tx) => {
      const { models, rights, uncounted, nowMs } = found;
      const { premiumEnabled } = await findModelSwitches(tx);
      const modelIds = models.map(({ id }) => id);
      const uses = await readModelUse(tx, { person: personOf(caller), modelIds, nowMs });
      return models.map((model) => {
        const counted = uses.get(model.id);
        if (counted === undefined) throw new Error('a model was asked for whose use was not read');
        // The day's messages have a counter where they have a limit.
        const use =
          model.messagesPerDay === null ? { ...counted, messagesToday: uncounted.get(model.id) ?? 0n } : counted;
        const { trialMessagesUsed } = use;
        return { model, use, access: modelAccess(model, { rights, trialMessagesUsed, premiumEnabled, nowMs }) };
      });
    });

  const get = async (caller: MemberCaller, modelId: string): Promise<ModelOffer> => {
    const nowMs = clock.nowMs();
    const found = await withPrincipal(database, caller, async (tx) => {
      const person = personOf(caller);
      const model = await findOfferedModel(tx, person, { id: modelId, now: new Date(nowMs) });
      if (model === undefined) throw new WeirError('not_found');
      return {
        models: [model],
        rights: await listRights(tx, person),
        uncounted: await listMessagesToday(tx, person, nowMs),
      };
    });
    const [offer] = await withUse(caller, { ...found, nowMs });
    if (offer === undefined) throw new WeirError('not_found');
    return offer;
  };

  return {
    get,

    async list(caller) {
      const nowMs = clock.nowMs();
      const person = personOf(caller);
      const found = await withPrincipal(database, caller, async (tx) => ({
        models: await listOfferedModels(tx, person, new Date(nowMs)),
        rights: await listRights(tx, person),
        uncounted: await listMessagesToday(tx, person, nowMs),
        preferences: await findPreferences(tx, person),
      }));
      return { offers: await withUse(caller, { ...found, nowMs }), preferences: found.preferences };
    },

    async usage(caller, modelId) {
      const offer = await get(caller, modelId);
      const days = await withPrincipal(database, caller, (tx) =>
        listDailyUse(tx, personOf(caller), { modelId, days: DAYS, nowMs: clock.nowMs() }),
      );
      return { offer, days };
    },
  };
}
