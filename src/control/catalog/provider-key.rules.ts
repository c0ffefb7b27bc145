// Owns: where an organization's key may be sent, whether calls use it, and what an answer of the provider means for it. Pure. Not: asking.

import { z } from 'zod';
import { originOf } from '../../database/secrets/secret-context.ts';
import type { KeyProvider, ProviderKey, Validation } from './provider-key.queries.ts';

/** Where a list of keys goes on: after this id. */
export const providerKeyPlace = z.tuple([z.uuid()]);

/** What a provider said of a key. `unknown`: it could not be asked, or its answer says nothing of the key. Messages may be shown. */
export type ProbeOutcome =
  | { readonly verdict: 'taken' }
  | { readonly verdict: 'refused' | 'unknown'; readonly message: string };

/** Base URLs that the operator's environment sets, by provider slug: they win over the catalog's. */
export type BaseUrls = Readonly<Record<string, { readonly baseUrl?: string } | undefined>>;

/** Where a provider is: its base URL without a slash at the end. */
export function baseUrlOf({ slug, baseUrl }: KeyProvider, overrides: BaseUrls): string {
  const override = Object.hasOwn(overrides, slug) ? overrides[slug]?.baseUrl : undefined;
  return (override ?? baseUrl).replace(/\/+$/, '');
}

/** The origin that a key for the provider is bound to; null for one that takes no key (the sandbox). */
export function keyOrigin(provider: KeyProvider, overrides: BaseUrls): string | null {
  return provider.type === 'sandbox' ? null : originOf(baseUrlOf(provider, overrides));
}

/** Whether calls go out with the key: the gateway uses it only at the origin that it was entered for. */
export function isUsable(key: ProviderKey, overrides: BaseUrls): boolean {
  return key.status === 'active' && key.provider !== null && keyOrigin(key.provider, overrides) === key.origin;
}

/** What is kept of an outcome. A provider that could not be asked changes nothing of whether the key is used. */
export function validationOf(outcome: ProbeOutcome, before: ProviderKey['status'], nowMs: number): Validation {
  const validatedAt = new Date(nowMs);
  if (outcome.verdict === 'taken') return { status: 'active', validatedAt, error: null };
  const status = outcome.verdict === 'refused' ? 'invalid' : before;
  return { status, validatedAt, error: outcome.message };
}

/** A key as the audit log keeps it. */
export function auditedProviderKey(key: ProviderKey): Record<string, unknown> {
  const { provider, label, origin, lastFour, status, lastValidationError } = key;
  const [last_four, last_validation_error] = [lastFour, lastValidationError];
  return { provider: provider?.slug ?? key.providerId, label, origin, last_four, status, last_validation_error };
}
