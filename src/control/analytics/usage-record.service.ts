// Owns: booking a call that was made elsewhere, once, at the price of its day. Not: the meters it counts on (the gateway's recorder), or how it is asked for.

import { createHash } from 'node:crypto';
import type { RecordedUse, UseOwner, UseRecorder } from '../../contracts/analytics/use-recorder.ts';
import type { MemberCaller } from '../../contracts/caller.ts';
import { may } from '../../contracts/permissions.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7, uuidV7TimeMs } from '../../primitives/ids.ts';
import { costOf } from '../../primitives/price.ts';
import type { Random } from '../../primitives/random.ts';
import type { Events } from '../events/index.ts';
import { findPriceAt } from './price.queries.ts';
import { claimRecord } from './usage-record.queries.ts';
import { checkToldCall } from './usage-record.rules.ts';

/** A call as it is told of. */
export interface ToldUse extends Omit<RecordedUse, 'id' | 'priceId'> {
  /** By it the call is booked once; null: it is told of once. */
  readonly externalId: string | null;
  /** Null: now. */
  readonly occurredAtMs: number | null;
  readonly modelId: string;
  readonly provider: string | null;
  readonly feature: string | null;
  readonly template: string | null;
  /** Absent: the caller, or nobody for a service key or a token of the organization. */
  readonly userId: string | undefined;
}

/** What became of it. */
export interface Recording {
  readonly eventId: string;
  readonly isNew: boolean;
  readonly costNanoUsd: bigint | null;
  readonly priceId: string | null;
}

/** Books calls. */
export interface UsageRecordService {
  /** 400 and 404 naming the field; 403 for who may not act for the person; 409 `idempotency_mismatch` for an id that stands for something else. */
  record(caller: MemberCaller, told: ToldUse): Promise<Recording>;
}

/** Over the given database. */
export function createUsageRecordService(options: {
  readonly database: Database;
  readonly recorder: UseRecorder;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): UsageRecordService {
  const { database, recorder, events, clock, random } = options;

  /** Claims the id, finds the price of the day, and tells of a call without one: once, with the claim. */
  const prepare = (
    told: ToldUse,
    made: { readonly owner: UseOwner; readonly provider: string; readonly atMs: number },
  ) =>
    withPlatform(database, 'record use made elsewhere', async (tx) => {
      const { owner, provider, atMs } = made;
      const { organizationId } = owner;
      const eventIdIfNew = createUuidV7(atMs, random);
      const { eventId, isNew } = await claim(tx, { organizationId, eventId: eventIdIfNew, told });
      const dated =
        told.costNanoUsd === null ? await findPriceAt(tx, told.modelId, new Date(uuidV7TimeMs(eventId))) : undefined;
      const costNanoUsd = told.costNanoUsd ?? (dated === undefined ? null : costOf(dated.price, told.tokens));
      if (costNanoUsd === null && isNew)
        await events.record(
          tx,
          { userId: owner.userId, organizationId },
          { name: 'usage_unpriced', properties: { event_id: eventId, model_id: told.modelId, provider } },
        );
      return { eventId, costNanoUsd, priceId: dated?.price.id ?? null };
    });

  return {
    async record(caller, told) {
      const nowMs = clock.nowMs();
      const atMs = told.occurredAtMs ?? nowMs;
      checkToldCall({ ...counts(told), occurredAtMs: atMs, tags: told.tags }, nowMs);
      const owner = ownerOf(caller, told);
      const booking = await recorder.open(owner);
      const { provider } = booking;
      const { eventId, costNanoUsd, priceId } = await prepare(told, { owner, provider, atMs });
      const isNew = await booking.book({ ...told, id: eventId, costNanoUsd, priceId });
      return { eventId, isNew, costNanoUsd, priceId };
    },
  };
}

function counts({ tokens }: ToldUse) {
  return {
    inputTokens: Number(tokens.input),
    outputTokens: Number(tokens.output),
    cachedInputTokens: Number(tokens.cachedInput),
    cacheWriteTokens: Number(tokens.cacheWrite),
    reasoningTokens: Number(tokens.reasoning),
  };
}

/** Whose call it was. A key may act for members if it is one that may (the recorder knows); of people, admins may. */
function ownerOf(caller: MemberCaller, { userId, feature, modelId, provider, template }: ToldUse): UseOwner {
  const { organizationId, apiToken } = caller;
  const what = { organizationId, feature, modelId, provider, template };
  const own = apiToken?.kind === 'organization' ? null : caller.userId;
  if (apiToken?.isVirtualKey === true) {
    const { allowedFeatures } = apiToken;
    if (allowedFeatures != null && (feature === null || !allowedFeatures.includes(feature)))
      throw new WeirError('forbidden', { message: 'This key is for some features alone.', param: 'feature' });
    return { ...what, userId: userId ?? own, virtualKeyId: apiToken.id };
  }
  if (userId !== undefined && userId !== own && !may(caller.organizationRole, 'usage.read'))
    throw new WeirError('forbidden', { message: 'Only admins tell of calls of others.', param: 'user_id' });
  return { ...what, userId: userId ?? own, virtualKeyId: null };
}

/** The event of an id: that of whoever told of it first. Without an id it is a new one. */
async function claim(
  tx: DatabaseTransaction,
  {
    organizationId,
    eventId,
    told,
  }: { readonly organizationId: string; readonly eventId: string; readonly told: ToldUse },
): Promise<{ readonly eventId: string; readonly isNew: boolean }> {
  const { externalId } = told;
  if (externalId === null) return { eventId, isNew: true };
  const claimed = await claimRecord(tx, { organizationId, externalId, eventId, requestHash: hashOf(told) });
  if (!claimed.isSame)
    throw new WeirError('idempotency_mismatch', { message: 'Another call was told of under this id.', param: 'id' });
  return claimed;
}

/** All that a call is told by. */
function hashOf(told: ToldUse): Buffer {
  const text = JSON.stringify(told, (_key, value) => (typeof value === 'bigint' ? value.toString() : value));
  return createHash('sha256').update(text).digest();
}
