// Owns: which reason a fault of DNS, a socket, TLS or HTTP stands for. Not: the reasons' texts (outbound-error.ts).

import { OutboundError, type OutboundReason } from './outbound-error.ts';

const REASONS: Readonly<Record<string, OutboundReason>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'too_large',
  UND_ERR_HEADERS_OVERFLOW: 'too_large',
  UND_ERR_INVALID_ARG: 'forbidden_header',
};

/** The reason of any fault. Where one of ours is behind it, that one. */
export function classifyFault(error: unknown): OutboundError {
  const ours = findOurs(error);
  if (ours !== undefined) return ours;
  if (!(error instanceof Error)) return new OutboundError('unreachable');
  const { code, name } = error as NodeJS.ErrnoException;
  const known = REASONS[String(code)];
  if (known !== undefined) return new OutboundError(known, { cause: error });
  if (name === 'TimeoutError') return new OutboundError('timeout', { cause: error });
  if (name === 'HTTPParserError') return new OutboundError('bad_answer', { cause: error });
  return new OutboundError('unreachable', { cause: error });
}

/** An error of ours among those that a socket gathered, or behind another. */
function findOurs(error: unknown): OutboundError | undefined {
  if (error instanceof OutboundError) return error;
  if (error instanceof AggregateError) return error.errors.map(findOurs).find((each) => each !== undefined);
  return error instanceof Error && error.cause !== undefined ? findOurs(error.cause) : undefined;
}
