// Owns: a superadmin and the owner of an organization whom tests of platform administration act on, and what its log says of people. Not: the acts.

import { type ApiPerson, createApiPerson } from './api-person.ts';
import type { TestServer } from './running-server.ts';

/** An act in the platform's log. */
interface PlatformAct {
  readonly action: string;
  readonly actor_id: string;
  readonly reason: string;
  readonly after: unknown;
}

/** Who is there before a test begins. */
export interface PlatformWorld {
  readonly root: ApiPerson;
  /** Of the organization, which is called "Weir & Sons" and has the slug `sons`. */
  readonly owner: ApiPerson;
  readonly organizationId: string;
  /** The acts on a person, the oldest first. */
  actsOn(userId: string): Promise<PlatformAct[]>;
}

/** Makes them. */
export async function createPlatformWorld(server: TestServer): Promise<PlatformWorld> {
  const root = await createApiPerson(server, { platformRole: 'superadmin' });
  const owner = await createApiPerson(server);
  const made = await owner.request('POST', '/api/organizations', { body: { name: 'Weir & Sons', slug: 'sons' } });
  return {
    ...{ root, owner, organizationId: made.body.data.id },
    async actsOn(userId) {
      const { rows } = await server.owner.query<PlatformAct>(
        `select action, actor_id, reason, after from weir.audit_logs where organization_id is null and target_id = $1 order by sequence`,
        [userId],
      );
      return rows;
    },
  };
}
