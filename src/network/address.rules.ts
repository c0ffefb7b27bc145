// Owns: which addresses lie on the public internet and what the others are. Pure. Not: exceptions an operator makes (outbound-allow.ts), or resolving names.

import { BlockList, isIP } from 'node:net';

/** What an address is. Only `public` ones may be reached without an exception. */
export type AddressKind = 'public' | 'metadata' | 'loopback' | 'private' | 'link-local' | 'multicast' | 'reserved';

/** What comes first wins: the metadata services of clouds lie within other ranges. */
const RANGES: readonly (readonly [network: string, kind: Exclude<AddressKind, 'public'>])[] = [
  // AWS, Google, Azure, DigitalOcean, OpenStack; ECS and EKS credentials; Alibaba; Azure's wire server, a public address; Oracle.
  ['169.254.169.254/32', 'metadata'],
  ['169.254.170.2/32', 'metadata'],
  ['169.254.170.23/32', 'metadata'],
  ['100.100.100.200/32', 'metadata'],
  ['168.63.129.16/32', 'metadata'],
  ['192.0.0.192/32', 'metadata'],
  ['fd00:ec2::254/128', 'metadata'],
  ['fd00:ec2::23/128', 'metadata'],
  ['fd20:ce::254/128', 'metadata'],
  // IANA's special-purpose registry for IPv4 (RFC 6890 and later).
  ['0.0.0.0/8', 'reserved'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'private'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'reserved'],
  ['192.0.2.0/24', 'reserved'],
  ['192.31.196.0/24', 'reserved'],
  ['192.52.193.0/24', 'reserved'],
  ['192.88.99.0/24', 'reserved'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'reserved'],
  ['198.18.0.0/15', 'reserved'],
  ['198.51.100.0/24', 'reserved'],
  ['203.0.113.0/24', 'reserved'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  // Of IPv6 only 2000::/3 is handed out (below); these name what the rest is, or lie within it.
  ['::1/128', 'loopback'],
  ['fe80::/10', 'link-local'],
  ['fc00::/7', 'private'],
  ['ff00::/8', 'multicast'],
  // Protocol assignments, Teredo (2001::/32) among them; documentation; 6to4, which carries an IPv4 address.
  ['2001::/23', 'reserved'],
  ['2001:db8::/32', 'reserved'],
  ['2002::/16', 'reserved'],
  ['3fff::/20', 'reserved'],
];

interface Range {
  readonly kind: Exclude<AddressKind, 'public'>;
  readonly family: 4 | 6;
  readonly list: BlockList;
}

const ranges: readonly Range[] = RANGES.map(([network, kind]) => ({
  kind,
  family: network.includes(':') ? 6 : 4,
  list: networkList([network]),
}));
const globalIpv6 = networkList(['2000::/3']);

/**
 * What an address is. A text that is no address, one with a zone (`fe80::1%eth0`) and each IPv6 form that carries an IPv4 address (mapped, compatible, NAT64,
 * 6to4, Teredo) is `reserved`.
 */
export function addressKind(address: string): AddressKind {
  const family = familyOf(address);
  if (family === 0) return 'reserved';
  const range = ranges.find((each) => each.family === family && contains(each.list, address));
  if (range !== undefined) return range.kind;
  return family === 4 || contains(globalIpv6, address) ? 'public' : 'reserved';
}

/** 4 or 6; 0 for what is no address or has a zone. */
export function familyOf(address: string): 0 | 4 | 6 {
  const family = address.includes('%') ? 0 : isIP(address);
  return family === 4 || family === 6 ? family : 0;
}

/** A list of networks (`10.0.0.0/8`, `fd00::/8`). Throws for what is none; see `isNetwork`. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), familyOf(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** Whether a text is an address with a prefix length that fits it. */
export function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(bits)) return false;
  return Number(bits) <= (family === 4 ? 32 : 128);
}

/** Whether the list holds the address. An IPv4 network never holds an IPv6 form of its addresses: Node's list alone would say it does. */
export function contains(list: BlockList, address: string): boolean {
  if (familyOf(address) === 4) return list.check(address, 'ipv4');
  return !isMapped(address) && list.check(address, 'ipv6');
}

const mapped = networkList(['::ffff:0:0/96']);

function isMapped(address: string): boolean {
  return mapped.check(address, 'ipv6');
}
