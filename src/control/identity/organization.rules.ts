// Owns: what an organization's slug may be and how one comes from a name. Not: whether it is taken (a constraint).

import { z } from 'zod';
import { invalidField } from '../../contracts/problem.ts';
import { WeirError } from '../../primitives/errors.ts';
import { isUuid } from '../../primitives/ids.ts';
import type { Organization } from './organization.queries.ts';

const SLUG_LENGTH_MAX = 63;
/** Room for a hyphen and four characters that tell equal names apart. */
const BASE_LENGTH_MAX = SLUG_LENGTH_MAX - 5;

/** Words that paths beside `/api/organizations/{id}` and the portal use: an organization of that name could not be reached. */
const RESERVED = new Set([
  ...[
    'invite',
    'invitations',
    'users',
    'leave',
    'transfer-ownership',
    'domains',
    'new',
    'me',
    'admin',
    'api',
    'platform',
  ],
]);

/** Throws 400 naming `slug` when it is reserved, or reads as an id: requests name organizations by either. */
export function checkSlug(slug: string): void {
  if (isUuid(slug)) throw invalidField('slug', 'reads as an id');
  if (RESERVED.has(slug)) throw invalidField('slug', 'is reserved');
}

/** 409: another organization has it. */
export function slugTaken(): WeirError {
  return new WeirError('conflict', {
    message: 'The slug is taken.',
    param: 'slug',
    details: { errors: [{ path: 'slug', message: 'is taken' }] },
  });
}

/** A slug from a name: `Café Löwe & Söhne` → `cafe-lowe-sohne`. A name without Latin letters or digits gives `organization`. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, BASE_LENGTH_MAX)
    .replaceAll(/^-+|-+$/g, '');
  if (slug === '') return 'organization';
  return RESERVED.has(slug) || isUuid(slug) ? `${slug}-organization` : slug;
}

/** Where a list of organizations goes on: after this name and id. */
export const organizationPlace = z.tuple([z.string(), z.uuid()]);

/** The fields of an organization that its admins change, as the audit log shows them before and after. */
export function auditedOrganization(organization: Organization): Record<string, unknown> {
  const { name, slug, logo, businessType, billingEmail, defaultModelId, settings } = organization;
  const [business_type, billing_email, default_model_id] = [businessType, billingEmail, defaultModelId];
  return { name, slug, logo, business_type, billing_email, default_model_id, settings };
}
