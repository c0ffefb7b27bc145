// Owns: usage events as columns of a batch. Not: what an event means (core/usage-event.ts).

import { uuidV7TimeMs } from '../../primitives/ids.ts';
import type { UsageDimensions, UsageEvent } from '../core/usage-event.ts';
import { plainColumn, storableJson, textArray } from './array-literal.ts';

/** An event with the amounts that it books. */
export interface BookedEvent {
  readonly id: string;
  readonly event: UsageEvent;
  /** Whose counters it is booked on. */
  readonly legs: readonly { readonly counterId: bigint }[];
  readonly amounts: readonly bigint[];
  /** Null when nothing went beyond its hold, which is nearly always. */
  readonly overruns: readonly bigint[] | null;
}

/** The distinct dimensions of a batch: most calls of a batch share a key and a model, so that each set is written once. */
export interface DimensionTable {
  /** The 1-based place of the dimensions. */
  indexOf(dimensions: UsageDimensions): number;
  toJson(): string;
}

const texts = new WeakMap<UsageDimensions, string>();

/** Makes an empty table. */
export function createDimensionTable(): DimensionTable {
  const places = new Map<string, number>();
  return {
    indexOf(dimensions) {
      let text = texts.get(dimensions);
      if (text === undefined) {
        text = dimensionsToJson(dimensions);
        texts.set(dimensions, text);
      }
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, places.size + 1);
      return places.size;
    },
    toJson: () => `[${[...places.keys()].join(',')}]`,
  };
}

function dimensionsToJson(dimensions: UsageDimensions): string {
  return storableJson({
    organization_id: dimensions.organizationId,
    department_id: dimensions.departmentId,
    user_id: dimensions.userId,
    virtual_key_id: dimensions.virtualKeyId,
    template_id: dimensions.templateId,
    template_slug: dimensions.templateSlug,
    feature: dimensions.feature,
    environment: dimensions.environment,
    persona_id: dimensions.personaId,
    model_id: dimensions.modelId,
    provider: dimensions.provider,
    model_type: dimensions.modelType,
    prompt_version_id: dimensions.promptVersionId,
    experiment_arm: dimensions.experimentArm,
    price_id: dimensions.priceId,
    route: dimensions.route,
  });
}

/** The `e_` parameters of `ledger_apply`, in its order. */
export function eventColumns(events: readonly BookedEvent[], dimensions: DimensionTable): string[] {
  const plain = (pick: (event: UsageEvent) => bigint | number | boolean | string | null): string =>
    plainColumn(events, (booked) => pick(booked.event));
  const text = (pick: (event: UsageEvent) => string | null): string =>
    textArray(events.map((booked) => pick(booked.event)));
  return [
    plainColumn(events, (booked) => booked.id),
    plainColumn(events, (booked) => uuidV7TimeMs(booked.id)),
    plain((event) => dimensions.indexOf(event.dimensions)),
    plain((event) => event.tokens.input),
    plain((event) => event.tokens.output),
    plain((event) => event.tokens.cachedInput),
    plain((event) => event.tokens.cacheWrite),
    plain((event) => event.tokens.cacheWrite1h),
    plain((event) => event.tokens.reasoning),
    plain((event) => event.source),
    plain((event) => event.costNanoUsd),
    plain((event) => event.providerCostNanoUsd),
    plain((event) => event.status),
    text((event) => event.errorCode),
    plain((event) => event.streamed),
    plain((event) => event.trial),
    plain((event) => event.retries),
    plain((event) => event.fallbackUsed),
    plain((event) => roundedMs(event.latencyMs)),
    plain((event) => roundedMs(event.timeToFirstTokenMs)),
    text((event) => event.upstreamRequestId),
    text((event) => (event.tags === null ? null : storableJson(event.tags))),
    plainColumn(events, (booked) => counterList(booked.legs)),
    nestedArrays(events.map((booked) => booked.amounts)),
    nestedArrays(events.map((booked) => booked.overruns)),
  ];
}

/** The counters of some legs as an element of an array of arrays (see `nestedArrays`). */
export function counterList(legs: readonly { readonly counterId: bigint }[]): string {
  return `"{${legs.map(({ counterId }) => counterId).join(',')}}"`;
}

/** Arrays of different lengths, each as the text of a literal (an SQL array of arrays must be rectangular). */
export function nestedArrays(arrays: readonly (readonly bigint[] | null)[]): string {
  return plainColumn(arrays, (array) => array && `"{${array.join(',')}}"`);
}

function roundedMs(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.min(Math.round(milliseconds), 2_147_483_647);
}
