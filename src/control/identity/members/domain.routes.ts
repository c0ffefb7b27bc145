// Owns: the routes of domains, and a domain as JSON with what proves it. Not: what the acts do (domain.service.ts).

import type { z } from 'zod';
import { domainEndpoints, type domainSchema } from '../../../contracts/identity/domains.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import type { OrganizationDomain } from './domain.queries.ts';
import type { DomainProofs, DomainService } from './domain.service.ts';

/** All of them. */
export function domainRoutes(services: {
  readonly domains: DomainService;
  readonly proofs: Pick<DomainProofs, 'proofInstructions'>;
}): Route[] {
  const { domains, proofs } = services;
  const { list, create, verify, update, remove } = domainEndpoints;
  const toJson = (domain: OrganizationDomain): z.input<typeof domainSchema> => {
    const { dnsName, fileUrl, value } = proofs.proofInstructions({
      domain: domain.domain,
      token: domain.verificationToken,
    });
    return {
      ...{ id: domain.id, domain: domain.domain, method: domain.method, auto_join: domain.autoJoin },
      verified_at: domain.verifiedAt?.toISOString() ?? null,
      last_checked_at: domain.lastCheckedAt?.toISOString() ?? null,
      proof: { dns_name: dnsName, file_url: fileUrl, value },
      ...{ created_at: domain.createdAt.toISOString(), updated_at: domain.updatedAt.toISOString() },
    };
  };
  return [
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await domains.list(caller, query);
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(create, async ({ caller, body }) => ({ data: toJson(await domains.create(caller, body)) })),
    implement(verify, async ({ caller, params }) => ({ data: toJson(await domains.verify(caller, params.id)) })),
    implement(update, async ({ caller, params, body }) => {
      const { method, auto_join: autoJoin } = body;
      return { data: toJson(await domains.update(caller, params.id, { method, autoJoin })) };
    }),
    implement(remove, async ({ caller, params }) => {
      await domains.remove(caller, params.id);
      return undefined;
    }),
  ];
}
