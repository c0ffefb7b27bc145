// Owns: what can be said of a URL and of the addresses behind it, without asking anybody. Pure. Not: asking DNS (guarded-lookup.ts) or connecting.

import { addressKind, familyOf } from './address.rules.ts';
import type { OutboundAllow } from './outbound-allow.ts';
import { OutboundError } from './outbound-error.ts';

/** A URL that was read and is not refused for what it says. */
export interface OutboundTarget {
  readonly url: URL;
  /** Lower case, without a dot at the end, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  readonly isAddress: boolean;
}

const URL_CHARS_MAX = 2_048;
/** Spaces and control characters, which URL parsers drop silently, and the backslash, which they read as a slash. */
const MISLEADING = /[\s\p{Cc}\p{Cf}\\]/u;
/** Names that lead inside by convention (RFC 6761, 6762, 8375, ICANN's `internal`), or nowhere. */
const INSIDE = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|onion|test|invalid)$/;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const PORTS: readonly number[] = [80, 443];

/**
 * Reads a URL. Throws an `OutboundError` for another scheme, a user or password, a host in a disguise (`0x7f.1`, `2130706433`, `127.1`, percent signs,
 * full-width digits), a name that leads inside, an address or a port that is not allowed.
 */
export function readTarget(text: string, allow: OutboundAllow): OutboundTarget {
  if (text.length > URL_CHARS_MAX || MISLEADING.test(text)) throw new OutboundError('invalid_url');
  const url = URL.parse(text);
  if (url === null) throw new OutboundError('invalid_url');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new OutboundError('forbidden_scheme');
  // Also an empty user, which the parser forgets.
  const authority = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  if (authority === '') throw new OutboundError('invalid_url');
  if (authority.includes('@'))
    throw new OutboundError('invalid_url', { message: 'The URL may not hold a user or password.' });

  const bare = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const isAddress = familyOf(bare) !== 0;
  if (isAddress ? !isWrittenPlainly(authority, url.hostname) : authority.includes('%') || !HOST_NAME.test(bare))
    throw new OutboundError('invalid_url', { message: 'The host is not written in its usual form.' });

  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const target: OutboundTarget = { url, host: bare, port, isAddress };
  judgeName(target, allow);
  if (isAddress) judgeAddresses(target, [bare], allow);
  return target;
}

/** Throws when the name is one that leads inside, or when the port is one that no address could make right. */
function judgeName({ host, port, isAddress }: OutboundTarget, allow: OutboundAllow): void {
  if (allow.hasHost(host, port)) return;
  if (!isAddress && (INSIDE.test(host) || !host.includes('.'))) throw new OutboundError('forbidden_host');
  if (!PORTS.includes(port) && !allow.hasNetworks) throw new OutboundError('forbidden_port');
}

/**
 * Judges all addresses of a host. Throws when one of them is not allowed, whatever the others are: the next connection might take that one.
 * A listed name may lead anywhere but to a metadata service.
 */
export function judgeAddresses(
  { host, port }: Pick<OutboundTarget, 'host' | 'port'>,
  addresses: readonly string[],
  allow: OutboundAllow,
): void {
  if (addresses.length === 0) throw new OutboundError('unresolvable');
  const isListed = allow.hasHost(host, port);
  for (const address of addresses) {
    const kind = addressKind(address);
    if (allow.hasAddress(address, kind)) continue;
    if (isListed && kind !== 'metadata' && familyOf(address) !== 0) continue;
    if (kind !== 'public')
      throw new OutboundError('forbidden_address', { internal: `${host} leads to a ${kind} address` });
    if (!PORTS.includes(port)) throw new OutboundError('forbidden_port');
  }
}

/** Whether an address stands in the text as the parser writes it: no octal, hexadecimal or shortened form, no other digits. */
function isWrittenPlainly(authority: string, hostname: string): boolean {
  const written = authority.replace(/:\d*$/, '').toLowerCase();
  if (written === hostname) return true;
  // IPv6 has many usual forms; those that carry an IPv4 address are refused by what they are.
  return hostname.startsWith('[') && /^\[[0-9a-f:.]+\]$/.test(written);
}
