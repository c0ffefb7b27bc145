// Owns: asking every provider that the platform has a secret for whether it answers at all. Not: keeping the answers (src/jobs), or judging calls (the breakers).

import { request } from 'undici';
import type { ProviderFacts } from '../../gateway/snapshot/facts.ts';
import type { Snapshot } from '../../gateway/snapshot/snapshot.ts';
import type { AskProviders } from '../../jobs/index.ts';
import type { GuardedFetcher } from '../../network/guarded-fetcher.ts';
import type { Clock } from '../../primitives/clock.ts';
import { credentialHeaders } from '../../providers/credentials.ts';
import type { Config } from '../settings/config.ts';

const ASK_MS = 10_000;
/** The list is not read, only its status. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const SERVER_ERROR = 500;
/** https://docs.anthropic.com/en/api/versioning */
const ANTHROPIC_VERSION = '2023-06-01';

/**
 * Asks for the list of models, as the portal does before it takes a key: through the guarded fetcher, but straight to an address that the operator's environment
 * sets. Any answer below 500 says that it is there: a refused key or an unknown path is another matter. What the sandbox stands in for is not asked.
 */
export function createProviderWatch(options: {
  readonly fetcher: GuardedFetcher;
  readonly providers: Config['providers'];
  readonly snapshot: Pick<Snapshot, 'platform'>;
  readonly clock: Clock;
}): AskProviders {
  const { fetcher, providers, snapshot, clock } = options;
  const statusOf = async (provider: ProviderFacts, secret: string): Promise<number> => {
    const isAnthropic = provider.protocol === 'anthropic';
    const headers = {
      ...credentialHeaders(provider.protocol, secret),
      ...provider.headers,
      ...(isAnthropic ? { 'anthropic-version': ANTHROPIC_VERSION } : {}),
      accept: 'application/json',
    };
    const url = `${provider.baseUrl}/models`;
    const { slug } = provider;
    const isTrusted = Object.hasOwn(providers, slug) && providers[slug]?.baseUrl !== undefined;
    if (!isTrusted)
      return (await fetcher.fetch({ url, headers, totalMs: ASK_MS, answerBytesMax: ANSWER_BYTES_MAX })).status;
    const answer = await request(url, { headers, signal: AbortSignal.timeout(ASK_MS) });
    await answer.body.dump();
    return answer.statusCode;
  };
  return async () => {
    const facts = await snapshot.platform();
    const asked = [...facts.providers.values()].flatMap((provider) =>
      provider.status === 'inactive' || provider.servedBySandbox || provider.secret === null
        ? []
        : [{ provider, secret: provider.secret }],
    );
    return Promise.all(
      asked.map(async ({ provider, secret }) => {
        const startMs = clock.monotonicMs();
        const isUp = await statusOf(provider, secret).then(
          (status) => status < SERVER_ERROR,
          () => false,
        );
        return { providerId: provider.id, isUp, latencyMs: clock.monotonicMs() - startMs };
      }),
    );
  };
}
