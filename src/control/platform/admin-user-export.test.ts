// Proves: that the export of people reads rows only as its reader takes them, however many there are, and that a reader who loses the right gets no more.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../contracts/caller.ts';
import { createDemoDatabase, type DemoDatabase } from '../../database/facts/testing/demo-database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createAudit } from '../audit/index.ts';
import { type AdminUserListService, createAdminUserListService } from './admin-user-list.service.ts';

const PEOPLE = 20_000;
let demo: DemoDatabase;
let users: AdminUserListService;
let caller: Caller;

beforeAll(async () => {
  demo = await createDemoDatabase();
  const audit = createAudit({ clock: systemClock, random: createSystemRandom() });
  users = createAdminUserListService({ database: demo.runtime, audit });
  caller = {
    ...demo.as('superadmin'),
    sessionId: null,
    request: { id: demo.userIds.superadmin, ip: null, userAgent: null },
  };
  await demo.owner.query(
    `insert into weir.users (id, name, email, created_at)
     select gen_random_uuid(), 'Many', 'many-' || n || '@many.example', now() - interval '1 day' - n * interval '1 second'
       from generate_series(1, $1::integer) as n`,
    [PEOPLE],
  );
});
afterAll(() => demo.close());

const linesOf = (text: string): number => text.split('\r\n').length - 1;

test('everybody is in it once', async () => {
  const seen = new Set<string>();
  let text = '';
  for await (const piece of await users.export(caller, { search: 'many.example' })) text += piece;
  for (const line of text.trimEnd().split('\r\n').slice(1)) seen.add(line.split(',')[0] ?? '');
  expect([linesOf(text), seen.size]).toEqual([PEOPLE + 1, PEOPLE]);
});

test('what nobody has asked for yet has not been read', async () => {
  const pieces = (await users.export(caller, { search: 'many.example' }))[Symbol.asyncIterator]();
  const first = await pieces.next();
  await demo.owner.query(
    `delete from weir.users where email like '%@many.example' and created_at < now() - interval '5 hours'`,
  );
  let lines = linesOf(first.value ?? '');
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) lines += linesOf(piece.value);
  const { rows } = await demo.owner.query<{ left: number }>(
    `select count(*)::integer as left from weir.users where email like '%@many.example'`,
  );
  // The header, and at most one step that had been read already.
  expect(lines).toBeLessThan((rows[0]?.left ?? 0) + 1 + 2_000);
});

test('a reader who loses the right on the way gets no more', async () => {
  const pieces = (await users.export(caller, { search: 'many.example' }))[Symbol.asyncIterator]();
  const first = await pieces.next();
  await demo.owner.query(`update weir.users set platform_role = 'superadmin' where id = $1`, [demo.userIds.proAdmin]);
  await demo.owner.query(`update weir.users set platform_role = 'user' where id = $1`, [caller.userId]);
  let lines = linesOf(first.value ?? '');
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) lines += linesOf(piece.value);
  expect(lines).toBeLessThan(1 + 2_000);
});
