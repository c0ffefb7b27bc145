// Proves: paging, entity tags, named fields and the permission matrix, which every route leans on.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { WeirError } from '../primitives/errors.ts';
import { checkFresh, entityTag } from './entity-tag.ts';
import { decodeCursor, encodeCursor, toPage } from './paging.ts';
import { leastRoleOf, may, PERMISSIONS, type Permission, permissionsOf } from './permissions.ts';
import { fieldErrors, invalidFields } from './problem.ts';

describe('a cursor', () => {
  it('comes back as the place it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.integer())), (place) => {
        const cursor = encodeCursor(place);
        expect(cursor).toMatch(/^[\w-]*$/);
        expect(decodeCursor(cursor, z.array(z.union([z.string(), z.number()])))).toEqual(place);
      }),
    );
  });

  it('that was made up is refused as 400 naming it', () => {
    for (const cursor of ['', '%%%', 'bm90IGpzb24', encodeCursor([1]), encodeCursor(['a', 'b', 'c'])]) {
      const read = () => decodeCursor(cursor, z.tuple([z.string(), z.uuid()]));
      expect(read).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'cursor' }));
    }
  });

  it('is given only while there is more', () => {
    expect(toPage(['a', 'b'], 2, (item) => [item])).toEqual({ items: ['a', 'b'], nextCursor: null });
    const page = toPage(['a', 'b', 'c'], 2, (item) => [item]);
    expect(page.items).toEqual(['a', 'b']);
    expect(decodeCursor(page.nextCursor ?? '', z.tuple([z.string()]))).toEqual(['b']);
  });
});

describe('an edit', () => {
  it.each([null, '*', entityTag(7n), `"x", ${entityTag(7n)}`])('with If-Match %s of version 7 goes through', (tag) => {
    expect(() => checkFresh(tag, 7n)).not.toThrow();
  });
  it.each([entityTag(8n), `W/${entityTag(7n)}`, '', '7'])('with If-Match %s of version 7 is stale', (tag) => {
    expect(() => checkFresh(tag, 7n)).toThrow(expect.objectContaining({ code: 'stale', status: 412 }));
  });
});

describe('a fault of a field', () => {
  const schema = z.strictObject({ members: z.array(z.strictObject({ email: z.email(), role: z.enum(['a', 'b']) })) });
  it('names where it is and repeats no value', () => {
    const result = schema.safeParse({
      members: [
        { email: 'hunter2', role: 'b' },
        { role: 'c', secret: 's' },
      ],
      id: 1,
    });
    const errors = fieldErrors(result.error ?? new z.ZodError([]));
    expect(errors.map(({ path }) => path).sort()).toEqual(
      ['id', 'members[0].email', 'members[1].email', 'members[1].role', 'members[1].secret'].sort(),
    );
    expect(errors.find(({ path }) => path === 'id')?.message).toBe('is not known here');
    expect(JSON.stringify(errors)).not.toContain('hunter2');
  });
  it('is that it is missing, whatever it should be, and is told once', () => {
    const fields = z.strictObject({
      kind: z.enum(['a', 'b']),
      amount: z.union([z.string(), z.number()]),
      size: z.number().int().max(10),
    });
    const result = fields.safeParse({ size: 1e308 }, { reportInput: true });
    const errors = fieldErrors(result.error ?? new z.ZodError([]));
    expect(errors.map(({ path, message }) => [path, message.slice(0, 22)])).toEqual([
      ['kind', 'is required'],
      ['amount', 'is required'],
      ['size', 'is not right: too big:'],
    ]);
  });
  it('is told with at most fifty others', () => {
    const error = invalidFields(Array.from({ length: 80 }, (_, index) => ({ path: `f${index}`, message: 'is wrong' })));
    expect(error).toBeInstanceOf(WeirError);
    expect(error.message).toBe('f0 is wrong.');
    expect(error.details?.errors).toHaveLength(50);
  });
});

describe('the permission matrix', () => {
  it('gives each role what the role below it has', () => {
    for (const permission of Object.keys(PERMISSIONS) as Permission[]) {
      expect(may('owner', permission)).toBe(true);
      if (may('member', permission)) expect(may('admin', permission)).toBe(true);
      expect(may(leastRoleOf(permission), permission)).toBe(true);
    }
    expect(permissionsOf('owner')).toEqual(Object.keys(PERMISSIONS));
    expect(permissionsOf('member')).not.toContain('members.update');
    expect(permissionsOf('admin')).not.toContain('organization.delete');
  });
});
