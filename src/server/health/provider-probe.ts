// Owns: asking a provider whether it takes a key, by listing its models. Not: what follows from the answer (src/control/catalog).

import { request } from 'undici';
import type { ProbeOutcome, ProbeProvider } from '../../control/catalog/index.ts';
import type { GuardedFetcher } from '../../network/guarded-fetcher.ts';
import { OutboundError } from '../../network/outbound-error.ts';
import { credentialHeaders } from '../../providers/credentials.ts';
import type { Config } from '../settings/config.ts';

const PROBE_MS = 10_000;
/** The list is not read, only its status; a long one is no fault. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
/** https://docs.anthropic.com/en/api/versioning */
const ANTHROPIC_VERSION = '2023-06-01';

/**
 * Through the guarded fetcher, for a provider's address may have been set in the portal; but straight to an address that the operator's environment sets, which may
 * well be inside. No answer's text is told on: it might repeat the key.
 */
export function createProviderProbe(options: {
  readonly fetcher: GuardedFetcher;
  readonly providers: Config['providers'];
}): ProbeProvider {
  const { fetcher, providers } = options;
  return async ({ slug, type, config, baseUrl }, secret) => {
    const isAnthropic = config.protocol === 'anthropic' || (config.protocol === undefined && type === 'anthropic');
    const headers = {
      ...credentialHeaders(isAnthropic ? 'anthropic' : 'openai', secret),
      ...(isAnthropic ? { 'anthropic-version': ANTHROPIC_VERSION } : {}),
      accept: 'application/json',
    };
    const url = `${baseUrl}/models`;
    const isTrusted = Object.hasOwn(providers, slug) && providers[slug]?.baseUrl !== undefined;
    try {
      const status = isTrusted
        ? await askDirectly(url, headers)
        : (await fetcher.fetch({ url, headers, totalMs: PROBE_MS, answerBytesMax: ANSWER_BYTES_MAX })).status;
      return outcomeOf(status);
    } catch (error) {
      const message = error instanceof OutboundError ? error.message : 'The provider cannot be reached.';
      return { verdict: 'unknown', message };
    }
  };
}

async function askDirectly(url: string, headers: Record<string, string>): Promise<number> {
  const answer = await request(url, { headers, signal: AbortSignal.timeout(PROBE_MS) });
  await answer.body.dump();
  return answer.statusCode;
}

function outcomeOf(status: number): ProbeOutcome {
  if (status >= 200 && status < 300) return { verdict: 'taken' };
  const message = `The provider answered ${status}.`;
  return { verdict: status === 401 || status === 403 ? 'refused' : 'unknown', message };
}
