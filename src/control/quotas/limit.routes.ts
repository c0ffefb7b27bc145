// Owns: the routes that tell what limits a person, and limits as JSON. Not: what they are (limit.service.ts).

import type { z } from 'zod';
import type { InspectedMeter } from '../../contracts/quotas/limit-inspector.ts';
import { type effectiveLimitsSchema, limitEndpoints } from '../../contracts/quotas/limits.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { bindingMeter, leftOf, refusalOf } from './limit.rules.ts';
import type { LimitService, LimitsOfPerson } from './limit.service.ts';
import { shownAmount, shownUnit } from './limit-amount.rules.ts';

/** Both. */
export function limitRoutes({ limits }: { readonly limits: LimitService }): Route[] {
  return [
    implement(limitEndpoints.check, async ({ caller, body }) =>
      quotaJson(await limits.look(caller, { ...asked(body), field: 'userId' })),
    ),
    implement(limitEndpoints.effective, async ({ caller, query }) => {
      const { model: modelId, template: templateId, feature, tokens } = query;
      const found = await limits.look(caller, {
        ...{ modelId, templateId, feature, tokens, userId: query.user, field: 'user' },
      });
      return { data: limitsJson(found) };
    }),
  ];
}

const asked = ({ modelId, templateId, tokens, userId }: z.output<typeof limitEndpoints.check.body>) => ({
  ...{ modelId, templateId, tokens, userId },
});

function quotaJson(found: LimitsOfPerson) {
  const refusal = refusalOf(found);
  const meter = bindingMeter(found.meters);
  return {
    allowed: refusal === null,
    ...(refusal === null ? {} : { reason: refusal.code, message: refusal.message }),
    unit: meter === undefined ? null : shownUnit(meter.unit),
    current_usage: meter === undefined ? 0 : shownAmount(meter.used + meter.held, meter.unit),
    limit: meter === undefined ? null : shownOrNull(meter.limit, meter.unit),
    resets_at: momentOrNull(meter?.resetsAtMs ?? null),
  };
}

function limitsJson(found: LimitsOfPerson): z.input<typeof effectiveLimitsSchema> {
  const { model, template, feature, fallback, right, checks, meters } = found;
  const refusal = refusalOf(found);
  const binding = bindingMeter(meters);
  return {
    ...{ user_id: found.userId, model, template, feature, fallback, right },
    allowed: refusal === null,
    code: refusal?.code ?? null,
    message: refusal?.message ?? null,
    checks: checks.map(({ rule, refusal: own }) => ({
      ...{ rule, allowed: own === null, code: own?.code ?? null, message: own?.message ?? null },
    })),
    meters: meters.map((meter) => meterJson(meter, meter === binding)),
  };
}

function meterJson(meter: InspectedMeter, binds: boolean) {
  const { unit } = meter;
  return {
    ...{ meter: meter.kind, name: meter.name, unit: shownUnit(unit), window: meter.window, enforcement: meter.mode },
    limit: shownOrNull(meter.limit, unit),
    ordinary_limit: shownOrNull(meter.ordinaryLimit, unit),
    used: shownAmount(meter.used, unit),
    held: shownAmount(meter.held, unit),
    left: shownOrNull(leftOf(meter), unit),
    asked: shownAmount(meter.asked, unit),
    resets_at: momentOrNull(meter.resetsAtMs),
    source: meter.source && {
      kind: meter.source,
      id: meter.target === '' ? null : meter.target,
      name: meter.name,
    },
    raised_until: momentOrNull(meter.raisedUntilMs),
    ...{ binds, allowed: meter.fits },
  };
}

const shownOrNull = (amount: bigint | null, unit: string): number | string | null =>
  amount === null ? null : shownAmount(amount, unit);

const momentOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
