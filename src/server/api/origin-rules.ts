// Owns: whether a request may come from where a browser says it comes from (CSRF). Not: which origins are ours (settings).

import { WeirError } from '../../primitives/errors.ts';

/** What a browser says about where a request comes from, and whether it sent a session along by itself. */
export interface RequestOrigin {
  readonly method: string;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly hasCookie: boolean;
}

/**
 * Refuses a write from a foreign page: 403. With a cookie, which a browser sends along whoever asks, the request has to prove that it comes from us, by `Origin`
 * or `Sec-Fetch-Site` (both forbidden to scripts). Without one there is nothing to steal, but a foreign origin is still refused: it could sign somebody in
 * under an account not theirs.
 */
export function checkOrigin(request: RequestOrigin, trusted: ReadonlySet<string>): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, secFetchSite } = request;
  if (origin !== undefined) {
    if (trusted.has(origin)) return;
    throw refused(`from ${origin.slice(0, 200)}`);
  }
  if (secFetchSite === 'same-origin') return;
  if (request.hasCookie || secFetchSite !== undefined) throw refused('without an Origin of ours');
}

function refused(what: string): WeirError {
  return new WeirError('forbidden', {
    message: `A change ${what} is refused. Origins are allowed by WEIR_PUBLIC_URL and WEIR_TRUSTED_ORIGINS.`,
  });
}
