// Owns: whom a proposal is asked about. Not: what it comes to.

import type { ImpactProposal } from '../../../contracts/analytics/impact-proposals.ts';
import { invalidField } from '../../../contracts/problem.ts';

/** Who is asked about. */
export interface ImpactHome {
  /** Null: all organizations, which superadmins alone may ask about. */
  readonly organizationId: string | null;
  /** Asked by the platform: a template's own limit is meant, and everything may be named. */
  readonly isPlatform: boolean;
  readonly nowMs: number;
}

/** A proposal of a kind. */
export type ProposalOf<Kind extends ImpactProposal['kind']> = Extract<ImpactProposal, { kind: Kind }>;

/** The organization of a proposal that can't be about all. Throws 400 naming the field. */
export function needOrganization({ organizationId }: ImpactHome): string {
  if (organizationId === null) throw invalidField('organization_id', 'is required for this proposal');
  return organizationId;
}
