// Owns: the endpoints of a person's own templates ("My Models"). Not: what they share with organizations' (own-template-endpoints.ts).

import { defineEndpoint } from '../endpoint.ts';
import { ownTemplateParts } from './own-template-endpoints.ts';

const base = { tag: 'My models', role: 'member', permission: 'templates.manage_own' } as const;
const path = '/api/my-models';
const { list, create, get, update, remove } = ownTemplateParts;

export const myModelEndpoints = {
  list: defineEndpoint({
    ...base,
    ...list,
    operationId: 'listMyModels',
    path,
    summary: 'One’s own templates, in their order',
  }),
  create: defineEndpoint({
    ...base,
    ...create,
    operationId: 'createMyModel',
    path,
    summary: 'Make a template for oneself, within what plan and organization allow',
  }),
  get: defineEndpoint({
    ...base,
    ...get,
    operationId: 'getMyModel',
    path: `${path}/{id}`,
    summary: 'One of one’s own templates',
  }),
  update: defineEndpoint({
    ...base,
    ...update,
    operationId: 'updateMyModel',
    path: `${path}/{id}`,
    summary: 'Change one; what is left out stays',
  }),
  remove: defineEndpoint({
    ...base,
    ...remove,
    operationId: 'deleteMyModel',
    path: `${path}/{id}`,
    summary: 'Delete one; its use stays on record',
  }),
} as const;
