// Proves: the SDK in the repository is the one that the contracts make, and its method names say the noun once.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { defineEndpoint } from '../src/contracts/endpoint.ts';
import { ENDPOINTS } from '../src/contracts/endpoints.ts';
import { nameMethods, sdkSource } from './sdk-source.ts';

it('sdk/src/operations.generated.ts is current; if not: node scripts/generate-sdk.ts', () => {
  const file = readFileSync(new URL('../sdk/src/operations.generated.ts', import.meta.url), 'utf8');
  expect(file === sdkSource(ENDPOINTS)).toBe(true);
});

const endpoint = (operationId: string, tag: string) =>
  defineEndpoint({
    operationId,
    tag,
    method: 'GET',
    path: '/api/x',
    summary: 'An example',
    role: 'user',
    output: z.null(),
  });

it.each<[string, string, string]>([
  ['listOrganizations', 'Organizations', 'organizations.list'],
  ['createOrganization', 'Organizations', 'organizations.create'],
  ['getPolicy', 'Policies', 'policies.get'],
  ['listProviderKeys', 'Provider keys', 'providerKeys.list'],
  ['revokeApiToken', 'API tokens', 'apiTokens.revoke'],
  ['getMe', 'Me', 'me.get'],
  ['getPermissions', 'Me', 'me.getPermissions'],
  ['organizations', 'Organizations', 'organizations.organizations'],
])('%s of %s is %s', (operationId, tag, expected) => {
  expect(nameMethods([endpoint(operationId, tag)]).map(({ group, name }) => `${group}.${name}`)).toEqual([expected]);
});

it('two operations that would meet under one name keep their whole names', () => {
  const methods = nameMethods([
    endpoint('deleteKey', 'Keys'),
    endpoint('deleteKeys', 'Keys'),
    endpoint('listKeys', 'Keys'),
  ]);
  expect(methods.map(({ name }) => name)).toEqual(['deleteKey', 'deleteKeys', 'list']);
});
