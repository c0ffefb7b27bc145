// Owns: asking DNS. Not: what an answer is good for.

import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** The questions that are asked. */
export interface DnsResolver {
  /** All IPv4 and IPv6 addresses of a name; empty when it has none. Rejects when DNS does not answer. */
  resolveAddresses(host: string): Promise<readonly string[]>;
  /** The same as the machine itself sees it, its hosts file and search list included: for names an operator listed. */
  resolveOwnAddresses(host: string): Promise<readonly string[]>;
  /** The TXT records of a name, each with its parts put together; empty when there are none. Rejects when DNS does not answer. */
  resolveTexts(name: string): Promise<readonly string[]>;
}

/** Whether a text is the address of a server, as `createDnsResolver` takes it: `9.9.9.9`, `127.0.0.1:5353`, `2620:fe::fe`, `[::1]:5353`. */
export function isDnsServer(text: string): boolean {
  if (isIP(text) !== 0) return true;
  const parts = /^(?:\[([0-9a-f:.]+)\]|([\d.]+)):(\d{1,5})$/i.exec(text);
  const port = Number(parts?.[3]);
  return isIP(parts?.[1] ?? parts?.[2] ?? '') !== 0 && port > 0 && port < 65_536;
}

/** A try takes so long, and there are so many: an answer or none within 4 s. */
const TRY_MS = 2_000;
const TRIES = 2;
/** What c-ares says when the name or the record does not exist. */
const NOTHING_THERE = ['ENOTFOUND', 'ENODATA'];

/**
 * Asks the machine's DNS servers, or the given ones (`127.0.0.1:5353`). Names of tenants go neither by the hosts file nor through the four threads of
 * `dns.lookup`, which slow servers of theirs could keep busy for everybody.
 */
export function createDnsResolver(options: { readonly servers?: readonly string[] } = {}): DnsResolver {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  if (options.servers !== undefined) resolver.setServers(options.servers);
  return {
    async resolveAddresses(host) {
      const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const addresses = [four, six].flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      const failures = [four, six].flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
      // One family without an answer is not a fault: many servers never answer for the other.
      const fault = failures.find((reason) => !isNothingThere(reason));
      if (addresses.length === 0 && fault !== undefined) throw fault;
      return addresses;
    },
    async resolveOwnAddresses(host) {
      return (await lookup(host, { all: true, order: 'verbatim' })).map(({ address }) => address);
    },
    async resolveTexts(name) {
      try {
        return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
      } catch (error) {
        if (isNothingThere(error)) return [];
        throw error;
      }
    },
  };
}

function isNothingThere(error: unknown): boolean {
  return error instanceof Error && NOTHING_THERE.includes((error as NodeJS.ErrnoException).code ?? '');
}
