// Owns: the routes that tell what limits a person, and limits as JSON. Not: what they are (limit.service.ts).

import type { z } from 'zod';
import { invalidField } from '../../contracts/problem.ts';
import type { InspectedMeter } from '../../contracts/quotas/limit-inspector.ts';
import { type effectiveLimitsSchema, limitEndpoints } from '../../contracts/quotas/limits.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { WeirError } from '../../primitives/errors.ts';
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
      const look = { modelId, templateId, feature, tokens, userId: query.user, field: 'user' };
      try {
        return { data: limitsJson(await limits.look(caller, look)) };
      } catch (error) {
        throw namedInQuery(error, query);
      }
    }),
  ];
}

const asked = ({ modelId, templateId, tokens, userId }: z.output<typeof limitEndpoints.check.body>) => ({
  ...{ modelId, templateId, tokens, userId },
});

/** What a query names and is not there is a fault of the query: its path is there. */
function namedInQuery(error: unknown, { template }: z.output<typeof limitEndpoints.effective.query>): unknown {
  if (!(error instanceof WeirError) || error.status !== 404) return error;
  if (error.code === 'model_not_found')
    return invalidField(template === undefined ? 'model' : 'template', 'is not there for this person');
  if (error.param === 'x-weir-feature') return invalidField('feature', 'is the name of no feature');
  return invalidField('user', 'is no member of the organization');
}

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
    ...{ user_id: found.userId, model, feature, fallback, right },
    template: template === null ? null : { ...template, id: Number(template.id) },
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
