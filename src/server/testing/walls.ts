// Owns: what every act of admins on a thing of their organization answers to everybody else, for tests. Not: the acts.

import { expect } from 'vitest';
import type { ApiOrganization } from './api-organization.ts';
import { type ApiRequest, requestApi, UNKNOWN_ID } from './api-person.ts';
import type { TestServer } from './running-server.ts';

/** Nobody is asked to sign in, members are refused, and to other organizations the thing is one that never was. `{id}` in the path is the thing, if there is one yet. */
export async function expectForAdminsAlone(
  server: TestServer,
  { member, stranger }: ApiOrganization,
  act: { readonly method: string; readonly path: string; readonly id: string; readonly body?: unknown },
): Promise<void> {
  const { method, path, id, body } = act;
  const request: ApiRequest = body === undefined ? {} : { body };
  const own = path.replace('{id}', id);
  expect((await requestApi(server, [method, own], request)).status).toBe(401);
  expect((await member.request(method, own, request)).status).toBe(403);
  if (own === path) return;
  const answers = [
    await stranger.request(method, own, request),
    await stranger.request(method, path.replace('{id}', UNKNOWN_ID), request),
  ];
  const [foreign, unknown] = answers.map(({ status, body: { request_id, ...rest } }) => [status, rest]);
  expect(foreign).toEqual(unknown);
  expect(foreign?.[0]).toBe(404);
}
