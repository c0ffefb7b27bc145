// Owns: what a failure of a template's own endpoint is to its caller: the account there is its owner's, not the platform's, and its key may look like anything.
// Pure. Not: reading the endpoint's answer (the carrier).

import type { UpstreamFailure } from '../../providers/protocol.ts';

/** What shorter keys hide would be parts of words; nobody has such a key. */
const KEY_LENGTH_MIN = 6;

/** The failure in words for whoever uses or keeps the template. The key is in none of them, however the endpoint quoted it. */
export function endpointFailure(failure: UpstreamFailure, secret: string | null): UpstreamFailure {
  if (!failure.callerFault) return { ...failure, message: ownersWords(failure) };
  if (secret === null || secret.length < KEY_LENGTH_MIN) return failure;
  const hide = (text: string): string => text.replaceAll(secret, '[redacted]');
  return { ...failure, message: hide(failure.message), param: failure.param === null ? null : hide(failure.param) };
}

function ownersWords({ status, message }: UpstreamFailure): string {
  if (status === 401 || status === 403)
    return "The template's own endpoint refuses its key. Whoever keeps the template has to enter another.";
  if (status === 404)
    return "The template's own endpoint knows no such address or model. Whoever keeps the template has to correct it.";
  if (/platform/i.test(message))
    return "The account at the template's own endpoint can't be used. Whoever keeps the template has to act there.";
  return message.replace(/^The provider\b/, "The template's own endpoint");
}
