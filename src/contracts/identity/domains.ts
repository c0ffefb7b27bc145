// Owns: the endpoints of an organization's domains: claim, prove, let people join by, give up. Not: how a proof is looked for (src/network).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { domainVerificationMethods } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** A domain with what has to be put where to prove it. */
export const domainSchema = z.strictObject({
  id: z.uuid(),
  domain: z.string(),
  method: domainVerificationMethods,
  auto_join: z.boolean().describe('Whether people with a verified address on it become members when they sign in.'),
  verified_at: z.iso.datetime().nullable(),
  last_checked_at: z.iso.datetime().nullable(),
  proof: z.strictObject({
    dns_name: z.string().describe('Where the TXT record goes.'),
    file_url: z.string().describe('Where the file goes.'),
    value: z.string().describe('What record or file says.'),
  }),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const byId = z.strictObject({ id: z.uuid() });
const admin = { tag: 'Domains', role: 'admin', permission: 'domains.manage' } as const;

export const domainEndpoints = {
  list: defineEndpoint({
    ...admin,
    operationId: 'listDomains',
    method: 'GET',
    path: '/api/organizations/domains',
    summary: 'The domains of the organization, by name',
    query: z.strictObject(pageParameters),
    output: pageOf(domainSchema),
  }),
  create: defineEndpoint({
    ...admin,
    operationId: 'createDomain',
    method: 'POST',
    path: '/api/organizations/domains',
    summary: 'Claim a domain',
    body: z.strictObject({
      domain: z
        .string()
        .trim()
        .toLowerCase()
        .max(237)
        .regex(
          /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/,
          'give a domain such as example.com; other letters in their xn-- form',
        ),
      method: domainVerificationMethods.default('dns_txt'),
    }),
    status: 201,
    output: single(domainSchema),
    errors: ['conflict'],
  }),
  verify: defineEndpoint({
    ...admin,
    operationId: 'verifyDomain',
    method: 'POST',
    path: '/api/organizations/domains/{id}/verify',
    summary: 'Look for the proof of a domain',
    description: 'Answers 409 with what is missing while there is no proof; a verified domain stays verified.',
    params: byId,
    output: single(domainSchema),
    errors: ['conflict', 'rate_limited'],
  }),
  update: defineEndpoint({
    ...admin,
    operationId: 'updateDomain',
    method: 'PATCH',
    path: '/api/organizations/domains/{id}',
    summary: 'Change how a domain is proven, or whether people join by it',
    params: byId,
    body: z.strictObject({ method: domainVerificationMethods.optional(), auto_join: z.boolean().optional() }),
    output: single(domainSchema),
    errors: ['conflict'],
  }),
  remove: defineEndpoint({
    ...admin,
    operationId: 'deleteDomain',
    method: 'DELETE',
    path: '/api/organizations/domains/{id}',
    summary: 'Give a domain up; its members stay',
    params: byId,
  }),
} as const;
