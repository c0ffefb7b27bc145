// Owns: reading a template's number and the places of lists, and whose view of system templates a caller has. Pure. Not: which rows a view holds
// (template-list.queries.ts).

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import type { SystemModelSort } from '../../../contracts/catalog/system-models.ts';
import { instant } from '../../../contracts/instant.ts';
import { may } from '../../../contracts/permissions.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { SystemView } from './template-list.queries.ts';

/** 15 digits: exact in JSON, and within a bigint. */
const NUMBER = /^[1-9]\d{0,14}$/;

/** A template's number out of a path; 404 `not_found` for what is none, as for one that nobody has. */
export function templateId(text: string): number {
  if (!NUMBER.test(text)) throw new WeirError('not_found');
  return Number(text);
}

const id = z.number().int().min(0).max(999_999_999_999_999);
const PLACES = {
  order: z.tuple([z.string().regex(/^-?\d{1,9}$/), id]),
  name: z.tuple([z.string().max(400), id]),
  created: z.tuple([instant, id]),
} as const;

/** The form of a place in a list of this order. */
export function placeOf(sort: SystemModelSort) {
  return PLACES[sort.replace(/^-/, '') as keyof typeof PLACES];
}

/** The caller's view: outside any organization the platform's, which only its people reach. */
export function viewOf({ organizationId, organizationRole }: Caller): SystemView {
  const isAdmin = organizationRole !== null && may(organizationRole, 'system_templates.configure');
  return { organizationId, isAdmin };
}
