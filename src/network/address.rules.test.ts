// Proves: no address but one of the public internet passes as one, however it is written.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKind } from './address.rules.ts';

test.each([
  ['8.8.8.8', 'public'],
  ['1.1.1.1', 'public'],
  ['172.15.255.255', 'public'],
  ['172.32.0.0', 'public'],
  ['100.63.255.255', 'public'],
  ['100.128.0.0', 'public'],
  ['198.17.255.255', 'public'],
  ['223.255.255.255', 'public'],
  ['2606:4700:4700::1111', 'public'],
  ['2a00:1450:4001:81b::200e', 'public'],
  ['0.0.0.0', 'reserved'],
  ['0.1.2.3', 'reserved'],
  ['10.0.0.1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.127.255.255', 'private'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.0.1', 'link-local'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.0.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['192.88.99.1', 'reserved'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'reserved'],
  ['198.51.100.1', 'reserved'],
  ['203.0.113.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['239.255.255.255', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['169.254.169.254', 'metadata'],
  ['169.254.170.2', 'metadata'],
  ['100.100.100.200', 'metadata'],
  ['168.63.129.16', 'metadata'],
  ['192.0.0.192', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['FD00:0EC2:0:0:0:0:0:0254', 'metadata'],
  ['::', 'reserved'],
  ['::1', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['fe80::1', 'link-local'],
  ['febf::1', 'link-local'],
  ['fe80::1%eth0', 'reserved'],
  ['fec0::1', 'reserved'],
  ['fc00::1', 'private'],
  ['fd12:3456::1', 'private'],
  ['ff02::1', 'multicast'],
  ['100::1', 'reserved'],
  ['5f00::1', 'reserved'],
  ['2001:db8::1', 'reserved'],
  ['3fff:fff::1', 'reserved'],
  ['4000::1', 'reserved'],
  ['', 'reserved'],
  ['localhost', 'reserved'],
  ['127.1', 'reserved'],
  ['0x7f.0.0.1', 'reserved'],
  ['2130706433', 'reserved'],
  ['0177.0.0.1', 'reserved'],
  ['[::1]', 'reserved'],
])('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

const byte = fc.integer({ min: 0, max: 255 });
const ipv4 = fc.tuple(byte, byte, byte, byte);
const group = (high: number, low: number): string => ((high << 8) | low).toString(16);

test('no IPv6 form that carries an IPv4 address is public, whichever address it carries', () => {
  fc.assert(
    fc.property(ipv4, ([a, b, c, d]) => {
      const hex = `${group(a, b)}:${group(c, d)}`;
      const dotted = `${a}.${b}.${c}.${d}`;
      const forms = [
        ...[`::ffff:${dotted}`, `::ffff:${hex}`, `0:0:0:0:0:ffff:${hex}`, `::ffff:0:${hex}`],
        ...[`::${dotted}`, `::${hex}`, `64:ff9b::${dotted}`, `64:ff9b::${hex}`, `64:ff9b:1::${hex}`],
        ...[`2002:${hex}::1`, `2002:${hex}:0:0:0:0:0:1`, `2001::${hex}`, `2001:0:${hex}:0:0:0:0`],
      ];
      for (const form of forms) expect(addressKind(form), form).not.toBe('public');
    }),
  );
});

test('an IPv4 address is public just when no range of the registry holds its number', () => {
  // Counted with numbers, apart from the list that is asked.
  const number = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const networks = [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
    ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
    ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3', '168.63.129.16/32'],
  ].map((network) => {
    const [base = '', bits] = network.split('/');
    const size = 2 ** (32 - Number(bits));
    return { first: number(base), last: number(base) + size - 1 };
  });
  const edges = networks
    .flatMap(({ first, last }) => [first - 1, first, last, last + 1])
    .filter((n) => n >= 0 && n < 2 ** 32);
  const any = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
  fc.assert(
    fc.property(any, (n) => {
      const address = [24, 16, 8, 0].map((shift) => Math.floor(n / 2 ** shift) % 256).join('.');
      const isSpecial = networks.some(({ first, last }) => n >= first && n <= last);
      expect(addressKind(address) === 'public', address).toBe(!isSpecial);
    }),
    { numRuns: 500 },
  );
});

test('an IPv6 address outside what is handed out is never public', () => {
  const groups = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(groups, (numbers) => {
      const first = numbers[0] ?? 0;
      fc.pre(first < 0x2000 || first > 0x3fff);
      expect(addressKind(numbers.map((each) => each.toString(16)).join(':'))).not.toBe('public');
    }),
  );
});
