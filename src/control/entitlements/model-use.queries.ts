// Owns: what was used of models' messages and trials, and the switches that lock models, as the gateway reads them. Not: who may see it (the services name the
// caller's own meters only).

import type { DatabaseTransaction } from '../../database/pool.ts';
import { meterKeys } from '../../ledger/core/meter-keys.ts';
import { type CounterQuestion, readCounters } from '../../ledger/store/counter-reader.ts';
import type { Person } from './person.ts';

/** Messages of a person to one model, those under way included. */
export interface ModelUse {
  readonly messagesToday: bigint;
  readonly resetsAt: Date;
  readonly trialMessagesUsed: bigint;
}

/** What uses are asked for. */
export interface ModelUseQuestion {
  readonly person: Person;
  readonly modelIds: readonly string[];
  readonly nowMs: number;
}

/** Switches of `system_config` that lock models. */
export interface ModelSwitches {
  readonly premiumEnabled: boolean;
  readonly forceDefaultModel: boolean;
}

/** Uses by model id, one query for all. In `withPlatform`: people have no right to rows of counters. */
export async function readModelUse(
  tx: DatabaseTransaction,
  { person, modelIds, nowMs }: ModelUseQuestion,
): Promise<ReadonlyMap<string, ModelUse>> {
  const questions: CounterQuestion[] = modelIds.flatMap((id) => [
    { key: meterKeys.dailyMessages(id, person), window: { kind: 'day' } },
    { key: meterKeys.trialMessages(id, person), window: { kind: 'lifetime' } },
  ]);
  const readings = await readCounters(tx, questions, nowMs);
  return new Map(
    modelIds.map((id) => {
      const today = readings.get(meterKeys.dailyMessages(id, person));
      const trial = readings.get(meterKeys.trialMessages(id, person));
      if (today === undefined || trial === undefined) throw new Error('a counter that was asked for was not read');
      return [
        id,
        {
          messagesToday: today.used + today.held,
          resetsAt: today.resetsAt,
          trialMessagesUsed: trial.used + trial.held,
        },
      ];
    }),
  );
}

/** The switches. Only the very value that turns one does, as at the gateway. In `withPlatform`. */
export async function findModelSwitches(tx: DatabaseTransaction): Promise<ModelSwitches> {
  const rows = await tx
    .selectFrom('system_config')
    .select(['key', 'value'])
    .where('key', 'in', ['premium_enabled', 'force_default_model'])
    .execute();
  const setting = (key: string): unknown => rows.find((row) => row.key === key)?.value;
  return {
    premiumEnabled: setting('premium_enabled') !== false,
    forceDefaultModel: setting('force_default_model') === true,
  };
}
