// Owns: an organization with an owner, an admin and a member, and somebody of another organization, for tests of the product API. Not: what they do.

import type { MemberRole, PlanSlug } from '../../contracts/enumerations.ts';
import { type ApiPerson, addApiMember, createApiPerson } from './api-person.ts';
import type { TestServer } from './running-server.ts';

/** An organization and people around it. */
export interface ApiOrganization {
  readonly id: string;
  readonly owner: ApiPerson;
  readonly admin: ApiPerson;
  readonly member: ApiPerson;
  /** Owner of another organization. */
  readonly stranger: ApiPerson;
  /** Another person of the organization. */
  join(role: MemberRole): Promise<ApiPerson>;
  /** The acts in its audit log, in order. */
  actions(): Promise<string[]>;
}

/** Makes them. */
export async function createApiOrganization(server: TestServer, plan: PlanSlug = 'pro'): Promise<ApiOrganization> {
  const owner = await createApiPerson(server);
  const stranger = await createApiPerson(server);
  const make = async (person: ApiPerson): Promise<string> => {
    const made = await person.request('POST', '/api/organizations', { body: { name: `Of ${person.email}` } });
    if (made.status !== 201) throw new Error(`no organization: ${JSON.stringify(made.body)}`);
    await server.owner.query('update weir.organizations set pricing_plan = $2 where id = $1', [
      made.body.data.id,
      plan,
    ]);
    return made.body.data.id;
  };
  const id = await make(owner);
  await make(stranger);
  const join = async (role: MemberRole): Promise<ApiPerson> => {
    const person = await createApiPerson(server);
    await addApiMember(server, { organizationId: id, userId: person.userId, role });
    return person;
  };
  const [admin, member] = [await join('admin'), await join('member')];
  return {
    ...{ id, owner, admin, member, stranger, join },
    async actions() {
      const { rows } = await server.owner.query<{ action: string }>(
        'select action from weir.audit_logs where organization_id = $1 order by sequence',
        [id],
      );
      return rows.map(({ action }) => action);
    },
  };
}
