/** Owns: that migrations only go forward from what databases in use may have run. Does not own: running them. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { MIGRATION_LIST } from '../generate.ts';
import { readMigrations } from '../migration-files.ts';
import { extendMigrationList } from './migration-list.ts';

const LIST = '000001_roles aa\n000010_plans bb\n';
const ROLES = { name: '000001_roles', hash: 'aa' };
const PLANS = { name: '000010_plans', hash: 'bb' };

test('the committed list has every migration as it is (else: node src/database/generate.ts)', async () => {
  const list = await readFile(MIGRATION_LIST, 'utf8');
  expect(extendMigrationList(list, await readMigrations())).toBe(list);
});

test('a new migration is listed after the others', () => {
  const added = { name: '000011_keys', hash: 'cc' };
  expect(extendMigrationList(LIST, [ROLES, PLANS, added])).toBe(`${LIST}000011_keys cc\n`);
});

test('a new migration numbered below a listed one is refused', () => {
  const early = { name: '000009_late', hash: 'cc' };
  expect(() => extendMigrationList(LIST, [ROLES, early, PLANS])).toThrow(
    'Migration 000009_late is numbered below 000010_plans',
  );
});

test('a listed migration does not change', () => {
  expect(() => extendMigrationList(LIST, [ROLES, { ...PLANS, hash: 'dd' }])).toThrow(
    'Migration 000010_plans changed after it was listed',
  );
});

test('a listed migration does not go', () => {
  expect(() => extendMigrationList(LIST, [PLANS])).toThrow('Migration 000001_roles is gone after it was listed');
});
