// Owns: where a protocol carries the secret that authenticates Weir at a provider. Does not own: keeping secrets.

import { WeirError } from '../primitives/errors.ts';
import type { WireProtocol } from './protocol.ts';

/** The headers that authenticate a request. An empty secret gives none (custom servers on a private network may need none). */
export function credentialHeaders(protocol: WireProtocol, secret: string): Record<string, string> {
  if (secret === '') return {};
  // What a header can't hold would be sent as something else, or split the request.
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    throw new WeirError('internal_error', {
      internal: 'a provider credential has characters that a header cannot hold',
    });
  }
  return protocol === 'anthropic' ? { 'x-api-key': secret } : { authorization: `Bearer ${secret}` };
}
