// Owns: the endpoints of an organization's own templates. Not: what they share with people's own (own-template-endpoints.ts).

import { defineEndpoint } from '../endpoint.ts';
import { ownTemplateParts } from './own-template-endpoints.ts';

const base = { tag: 'Organization templates', role: 'admin', permission: 'templates.manage' } as const;
const path = '/api/organization-models';
const { list, create, get, update, remove } = ownTemplateParts;

export const organizationModelEndpoints = {
  list: defineEndpoint({
    ...base,
    ...list,
    operationId: 'listOrganizationModels',
    path,
    summary: 'The organization’s own templates, in their order',
  }),
  create: defineEndpoint({
    ...base,
    ...create,
    operationId: 'createOrganizationModel',
    path,
    summary: 'Make a template for all people of the organization',
  }),
  get: defineEndpoint({
    ...base,
    ...get,
    operationId: 'getOrganizationModel',
    path: `${path}/{id}`,
    summary: 'One of the organization’s own templates',
  }),
  update: defineEndpoint({
    ...base,
    ...update,
    operationId: 'updateOrganizationModel',
    path: `${path}/{id}`,
    summary: 'Change one; what is left out stays',
  }),
  remove: defineEndpoint({
    ...base,
    ...remove,
    operationId: 'deleteOrganizationModel',
    path: `${path}/{id}`,
    summary: 'Delete one; its use stays on record',
  }),
} as const;
