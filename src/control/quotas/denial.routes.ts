// Owns: the routes of denials, and one as JSON. Not: who may see which (denial.service.ts).

import { z } from 'zod';
import { denialEndpoints, type denialSchema } from '../../contracts/quotas/denials.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../../primitives/errors.ts';
import type { Denial } from './denial.queries.ts';
import type { DenialService } from './denial.service.ts';
import { shownAmount, shownUnit } from './limit-amount.rules.ts';

const amount = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).transform(BigInt);
/** A meter as the gateway told the caller of it. */
const toldMeter = z.object({
  meter: z.string(),
  name: z.string(),
  unit: z.enum(['tokens', 'messages', 'requests', 'credits', 'nano_usd']),
  window: z.string(),
  limit: amount.nullable(),
  used: amount,
  held: amount,
  asked: amount,
  resets_at: z.string().nullable(),
});
const toldMeters = z.array(z.unknown());
const toldDetails = z.record(z.string(), z.unknown());

/** Both. */
export function denialRoutes({ denials }: { readonly denials: DenialService }): Route[] {
  return [
    implement(denialEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await denials.list(caller, query);
      return { data: items.map(denialJson), next_cursor: nextCursor };
    }),
    implement(denialEndpoints.get, async ({ caller, params }) => ({
      data: denialJson(await denials.get(caller, params.id)),
    })),
  ];
}

function denialJson(denial: Denial): z.input<typeof denialSchema> {
  const { userId, userName, keyId, keyName } = denial;
  const { route, model, feature, environment, code, rule, message } = denial;
  // A release may have had a code that this one has not.
  const known = Object.hasOwn(ERROR_CATALOGUE, code) ? ERROR_CATALOGUE[code as ErrorCode] : undefined;
  return {
    id: denial.id,
    denied_at: denial.deniedAt.toISOString(),
    user: userId === null ? null : { id: userId, name: userName },
    key: keyId === null ? null : { id: keyId, name: keyName },
    ...{ route, model, feature, environment, code, rule, message },
    status: known?.status ?? 403,
    remedy: known?.remedy ?? '',
    meters: toldMeters.parse(denial.meters).flatMap((told) => meterJson(told)),
    details: toldDetails.parse(denial.details),
  };
}

function meterJson(told: unknown): z.input<typeof denialSchema>['meters'] {
  const { success, data } = toldMeter.safeParse(told);
  if (!success) return [];
  const { meter, name, unit, window, limit, used, held, asked, resets_at } = data;
  return [
    {
      ...{ meter, name, unit: shownUnit(unit), window, resets_at },
      limit: limit === null ? null : shownAmount(limit, unit),
      used: shownAmount(used, unit),
      held: shownAmount(held, unit),
      asked: shownAmount(asked, unit),
    },
  ];
}
