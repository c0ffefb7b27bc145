// Proves: what has run out ends by itself: invitations are noted as expired, and people whose pause is over are told. Not: the acts over HTTP (src/server/api).

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAudit } from '../../control/audit/index.ts';
import { createPeople, type People } from '../../control/identity/index.ts';
import { createDemoDatabase, type DemoDatabase } from '../../database/facts/testing/demo-database.ts';
import { createOvertaking } from '../../database/testing/overtaking.ts';
import { createMail } from '../../mail/create-mail.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';

let demo: DemoDatabase;
let people: People;
beforeAll(async () => {
  demo = await createDemoDatabase();
  const [clock, random, database] = [systemClock, createSystemRandom(), demo.runtime];
  const log = { info() {}, warn() {}, error() {} };
  people = createPeople({
    ...{ database, clock, random, audit: createAudit({ clock, random }), publicUrl: () => 'https://weir.example' },
    mail: createMail({ database, transport: null, random, log }),
    proofs: {
      findProof: async () => ({ found: false, reason: 'missing', message: 'Nobody asks here.' }),
      proofInstructions: () => ({ dnsName: '', fileUrl: '', value: '' }),
    },
  });
});
afterAll(() => demo.close());

const pause = (name: 'proMember' | 'freeMember', until: string | null) =>
  demo.owner.query(`update weir.members set status = 'paused', paused_until = ${until ?? 'null'} where user_id = $1`, [
    demo.userIds[name],
  ]);

it('ends pauses whose time has passed, in every organization, and no others', async () => {
  await pause('proMember', `now() - interval '1 second'`);
  await pause('freeMember', `now() + interval '1 hour'`);
  expect(await people.resumeMembers(10)).toBe(1);
  expect(await people.resumeMembers(10)).toBe(0);
  const { rows } = await demo.owner.query(
    `select user_id, status, paused_until from weir.members where user_id = any ($1) order by status`,
    [[demo.userIds.proMember, demo.userIds.freeMember]],
  );
  expect(rows).toMatchObject([
    { user_id: demo.userIds.proMember, status: 'active', paused_until: null },
    { user_id: demo.userIds.freeMember, status: 'paused' },
  ]);
  const mails = await demo.owner.query('select kind, to_address, text_body from weir.mail_outbox');
  expect(mails.rows).toMatchObject([{ kind: 'member_resumed', to_address: demo.world.users.proMember.email }]);
  expect(mails.rows[0]?.text_body).toContain('https://weir.example');
  const audited = await demo.owner.query(
    `select actor_type, target_id, reason from weir.audit_logs where action = 'member.resume'`,
  );
  expect(audited.rows).toEqual([
    { actor_type: 'system', target_id: demo.userIds.proMember, reason: 'end pauses that have run out' },
  ]);
});

it('leaves a pause without an end to whoever made it', async () => {
  await pause('proMember', null);
  expect(await people.resumeMembers(10)).toBe(0);
});

it('tells one person once when two replicas end the same pause', async () => {
  await pause('proMember', `now() - interval '1 second'`);
  const resumed = await Promise.all([people.resumeMembers(10), people.resumeMembers(10)]);
  expect(resumed.toSorted()).toEqual([0, 1]);
});

it('notes invitations that have run out, so many at a time', async () => {
  const { organizationId } = demo.as('proAdmin');
  for (const [index, moment] of [
    `now() - interval '1 day'`,
    `now() - interval '1 second'`,
    `now() + interval '1 day'`,
  ].entries())
    await demo.owner.query(
      `insert into weir.invitations (id, organization_id, email, token_hash, expires_at)
       values (gen_random_uuid(), $1, $2, sha256($2::text::bytea), ${moment})`,
      [organizationId, `late-${index}@example.test`],
    );
  expect([
    await people.expireInvitations(1),
    await people.expireInvitations(5),
    await people.expireInvitations(5),
  ]).toEqual([1, 1, 0]);
  const { rows } = await demo.owner.query(
    `select status from weir.invitations where email like 'late-%' order by email`,
  );
  expect(rows.map(({ status }) => status)).toEqual(['expired', 'expired', 'pending']);
});

it.each([
  ['sent again', `expires_at = now() + interval '7 days'`, 'pending'],
  ['accepted', `status = 'accepted', accepted_at = now()`, 'accepted'],
  ['revoked', `status = 'revoked'`, 'revoked'],
])('leaves an invitation alone that is %s at the same moment', async (_name, change, status) => {
  const { organizationId } = demo.as('proAdmin');
  const { rows } = await demo.owner.query<{ id: string }>(
    `insert into weir.invitations (id, organization_id, email, token_hash, expires_at)
     values (gen_random_uuid(), $1, $2, sha256($2::text::bytea), now() - interval '1 second') returning id`,
    [organizationId, `${status}@example.test`],
  );
  const id = rows[0]?.id;
  const overtaking = await createOvertaking(demo.test.ownerUrl);
  const noted = await overtaking.overtake({
    lock: [`update weir.invitations set ${change} where id = $1`, id],
    act: () => people.expireInvitations(5),
  });
  await overtaking.close();
  const after = await demo.owner.query('select status from weir.invitations where id = $1', [id]);
  expect([noted, after.rows]).toEqual([0, [{ status }]]);
});
