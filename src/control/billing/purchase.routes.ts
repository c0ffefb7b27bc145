// Owns: the routes of purchases, and a purchase as JSON. Not: reading them (purchase.service.ts).

import type { z } from 'zod';
import { type adminPurchaseSchema, purchaseEndpoints, type purchaseSchema } from '../../contracts/billing/purchases.ts';
import { implement, type Route } from '../../contracts/route.ts';
import type { Purchase } from './purchase.queries.ts';
import type { PurchaseService } from './purchase.service.ts';

/** All of them. */
export function purchaseRoutes({ purchases }: { readonly purchases: PurchaseService }): Route[] {
  return [
    implement(purchaseEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await purchases.list(caller, query);
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(purchaseEndpoints.listAll, async ({ caller, query }) => {
      const { user: userId, organization: organizationId, model: modelId, product: productId, ...rest } = query;
      const { items, nextCursor } = await purchases.listAll(caller, {
        ...{ ...rest, userId, organizationId, modelId, productId },
      });
      return { data: items.map(toAdminJson), next_cursor: nextCursor };
    }),
  ];
}

type PurchaseJson = z.input<typeof purchaseSchema>;

function toJson(purchase: Purchase): PurchaseJson {
  const { id, productName, currency, status, userId, userName, organizationId, createdAt } = purchase;
  return {
    ...{ id, productName, amountCents: Number(purchase.amountCents), currency, status },
    user: userId === null ? null : { id: userId, name: userName },
    organizationId,
    createdAt,
    completedAt: textOf(purchase.completedAt),
    refundedAt: textOf(purchase.refundedAt),
    unlocked: unlockedJson(purchase),
  };
}

function unlockedJson(purchase: Purchase): PurchaseJson['unlocked'] {
  const { type, modelId, plan, creditType, creditAmount, entitlementId, grantedAt, expiresAt, revokedAt } = purchase;
  return {
    ...{ type, modelId, plan },
    credits: creditType === null ? null : { tokenType: creditType, amount: Number(creditAmount) },
    entitlement:
      entitlementId === null || grantedAt === null
        ? null
        : {
            ...{ id: entitlementId, grantedAt: grantedAt.toISOString() },
            ...{ expiresAt: textOf(expiresAt), revokedAt: textOf(revokedAt), isActive: purchase.isActive === true },
          },
  };
}

function toAdminJson(purchase: Purchase): z.input<typeof adminPurchaseSchema> {
  const { userId, userName, userEmail, organizationId, organizationName, organizationSlug } = purchase;
  const { stripeSessionId, stripePaymentIntentId } = purchase;
  return {
    ...toJson(purchase),
    user: userId === null ? null : { id: userId, name: userName ?? '', email: userEmail ?? '' },
    organization:
      organizationId === null
        ? null
        : { id: organizationId, name: organizationName ?? '', slug: organizationSlug ?? '' },
    ...{ stripeSessionId, stripePaymentIntentId },
  };
}

const textOf = (time: Date | null): string | null => time?.toISOString() ?? null;
