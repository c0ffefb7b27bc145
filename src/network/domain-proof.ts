// Owns: looking for the proof that somebody controls a domain, in DNS or in a file. Not: who asks, which token, how often (the domain's own service).

import type { DnsResolver } from './dns-resolver.ts';
import type { GuardedFetcher } from './guarded-fetcher.ts';
import { PROOF_BYTES_MAX, PROOF_MS } from './limits.ts';
import { OutboundError } from './outbound-error.ts';

/** Where the proof lies. */
export type ProofMethod = 'dns_txt' | 'http_file';

/** What is looked for. */
export interface ProofRequest {
  /** `example.com`: lower case, a dot at least, no port. */
  readonly domain: string;
  readonly token: string;
  readonly method: ProofMethod;
}

/** What was found. `message` is for whoever asked. */
export type ProofOutcome =
  | { readonly found: true }
  /** `different`: there is a proof, but of another token. `unreachable`: nothing could be asked; trying again may help. */
  | {
      readonly found: false;
      readonly reason: 'missing' | 'different' | 'unreachable' | 'refused';
      readonly message: string;
    };

/** Looks for a proof. Never rejects for what the domain does. */
export type FindProof = (request: ProofRequest) => Promise<ProofOutcome>;

const PREFIX = 'weir-verification=';
const CHALLENGE_LABEL = '_weir-challenge';
const FILE_PATH = '/.well-known/weir-verification.txt';
const DOMAIN = /^(?=.{4,237}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$/;

/** What an owner has to put where: for the page that explains it. */
export function proofInstructions({ domain, token }: Pick<ProofRequest, 'domain' | 'token'>) {
  return {
    dnsName: `${CHALLENGE_LABEL}.${domain}`,
    fileUrl: `https://${domain}${FILE_PATH}`,
    value: PREFIX + token,
  };
}

/** The search, over DNS and the guarded fetcher. */
export function createProofFinder(options: {
  readonly resolver: DnsResolver;
  readonly fetcher: GuardedFetcher;
}): FindProof {
  return async ({ domain, token, method }) => {
    if (!DOMAIN.test(domain)) return { found: false, reason: 'refused', message: 'This is not a domain name.' };
    const { dnsName, value } = proofInstructions({ domain, token });
    if (method === 'http_file') return findInFile(options.fetcher, domain, value);
    try {
      return judge(await options.resolver.resolveTexts(dnsName), value, `There is no TXT record ${dnsName} yet.`);
    } catch {
      return { found: false, reason: 'unreachable', message: `DNS does not answer for ${dnsName}.` };
    }
  };
}

/** By https, else by http: a domain need not have a certificate before it is proven. */
async function findInFile(fetcher: GuardedFetcher, domain: string, value: string): Promise<ProofOutcome> {
  const secure = await findAtUrl(fetcher, { url: `https://${domain}${FILE_PATH}`, domain, value });
  if (secure.found || secure.reason === 'different') return secure;
  const plain = await findAtUrl(fetcher, { url: `http://${domain}${FILE_PATH}`, domain, value });
  return plain.found || secure.reason === 'unreachable' ? plain : secure;
}

async function findAtUrl(
  fetcher: GuardedFetcher,
  { url, domain, value }: { readonly url: string; readonly domain: string; readonly value: string },
): Promise<ProofOutcome> {
  const missing = `There is no file at ${url} yet.`;
  try {
    // To www.example.com and the like; elsewhere it would prove somebody else's domain.
    const acceptRedirect = ({ hostname }: URL): boolean => hostname === domain || hostname.endsWith(`.${domain}`);
    const bounds = { totalMs: PROOF_MS, answerBytesMax: PROOF_BYTES_MAX };
    const { status, body } = await fetcher.fetch({ url, acceptRedirect, ...bounds });
    if (status !== 200) return { found: false, reason: 'missing', message: missing };
    const lines = body.toString('utf8').split(/\r?\n/);
    return judge(
      lines.map((line) => line.trim()),
      value,
      missing,
    );
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const { reason, message } = error;
    if (reason === 'too_large') return { found: false, reason: 'missing', message: missing };
    const isRefused = reason.startsWith('forbidden') || reason === 'redirected' || reason === 'invalid_url';
    return { found: false, reason: isRefused ? 'refused' : 'unreachable', message: `${url}: ${message}` };
  }
}

function judge(texts: readonly string[], value: string, missing: string): ProofOutcome {
  if (texts.includes(value)) return { found: true };
  return texts.some((text) => text.startsWith(PREFIX))
    ? { found: false, reason: 'different', message: 'There is a proof, but it holds another token.' }
    : { found: false, reason: 'missing', message: missing };
}
