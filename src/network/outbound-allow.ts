// Owns: the operator's exceptions to what may be reached: their form, and whether a host or address is among them. Pure. Not: what is allowed without one.

import { type AddressKind, contains, familyOf, isNetwork, networkList } from './address.rules.ts';

/** Exceptions an operator made; empty unless set. */
export interface OutboundAllow {
  /** Whether any exception is about addresses: then a port can be judged only once the address is known. */
  readonly hasNetworks: boolean;
  /** Whether this very name (lower case, no dot at the end) is listed, for this port or all. */
  hasHost(host: string, port: number): boolean;
  /** Whether the address may be reached. `kind` is what `addressKind` said of it: one of a metadata service has to be listed by itself. */
  hasAddress(address: string, kind: AddressKind): boolean;
}

const HOST =
  /^(?=.{1,253}(?::|$))[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?)*(:\d{1,5})?$/;

/** The entries of a list separated by commas, in lower case. */
export function splitAllowList(text: string): string[] {
  return text
    .toLowerCase()
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Whether an entry is a host (`ollama.lan`), a host with its port (`ollama.lan:11434`), an address or a network (`10.1.0.0/16`). */
export function isAllowEntry(entry: string): boolean {
  if (familyOf(entry) !== 0 || isNetwork(entry)) return true;
  const [name = '', port] = entry.split(':');
  // What looks like an address and is none would be read as a name that nothing matches.
  return (
    HOST.test(entry) && !/^[\d.]+$/.test(name) && (port === undefined || (Number(port) > 0 && Number(port) < 65_536))
  );
}

/** The exceptions of a list. Throws for an entry of another form; settings are checked before. */
export function createOutboundAllow(entries: readonly string[]): OutboundAllow {
  const bad = entries.find((entry) => !isAllowEntry(entry));
  if (bad !== undefined) throw new Error(`${bad} is neither a host, a host with a port, an address nor a network`);
  const networks = entries.filter((entry) => isNetwork(entry) || familyOf(entry) !== 0).map(asNetwork);
  const hosts = new Set(entries.filter((entry) => !isNetwork(entry) && familyOf(entry) === 0));
  const anyOf = networkList(networks);
  const single = networkList(networks.filter((network) => /(:.*\/128|\..*\/32)$/.test(network)));
  return {
    hasNetworks: networks.length > 0,
    hasHost: (host, port) => hosts.has(host) || hosts.has(`${host}:${port}`),
    hasAddress: (address, kind) => contains(kind === 'metadata' ? single : anyOf, address),
  };
}

function asNetwork(entry: string): string {
  if (entry.includes('/')) return entry;
  return `${entry}/${familyOf(entry) === 4 ? 32 : 128}`;
}
