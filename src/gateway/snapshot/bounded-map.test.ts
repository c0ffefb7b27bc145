// Owns: proof that the map keeps to its bound.

import { expect, it } from 'vitest';
import { createBoundedMap, type Evictable } from './bounded-map.ts';

interface Named extends Evictable {
  name: string;
}
const entry = (name: string): Named => ({ name, used: false });

it('never holds more than its bound, and tells what went', () => {
  const gone: string[] = [];
  const map = createBoundedMap<Named>(3, (value) => gone.push(value.name));
  for (const name of ['a', 'b', 'c', 'd', 'e']) map.set(name, entry(name));
  expect(map.size).toBe(3);
  expect(gone).toEqual(['a', 'b']);
});

it('keeps what is used over what is only older or younger', () => {
  const map = createBoundedMap<Named>(3);
  for (const name of ['a', 'b', 'c']) map.set(name, entry(name));
  map.get('a');
  map.set('d', entry('d'));
  expect([...map.values()].map((value) => value.name).sort()).toEqual(['a', 'c', 'd']);
});

it('evicts one even when everything is in use, at once', () => {
  const size = 1_000;
  const map = createBoundedMap<Named>(size);
  for (let index = 0; index < size; index += 1) map.set(`${index}`, entry(`${index}`));
  for (let index = 0; index < size; index += 1) map.get(`${index}`);
  map.set('new', entry('new'));
  expect(map.size).toBe(size);
  expect(map.get('new')).toBeDefined();
});

it('replaces an entry without evicting another', () => {
  const map = createBoundedMap<Named>(2, () => expect.unreachable('nothing has to go'));
  map.set('a', entry('a'));
  map.set('b', entry('b'));
  map.set('a', entry('a again'));
  expect(map.get('a')?.name).toBe('a again');
});
