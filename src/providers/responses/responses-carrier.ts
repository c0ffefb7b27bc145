// Owns: POST /v1/responses over whatever carries a chat, put together. Does not own: chats.

import { WeirError } from '../../primitives/errors.ts';
import type { CarriedRequest, Carrier, CarryInput } from '../protocol.ts';
import { responseOfChat } from './response-of-chat.ts';
import { openResponseRelay } from './response-stream.ts';

/** What a chat's fields are called in a response. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^messages\b.*$/, 'input'],
  [/^response_format(\.json_schema)?/, 'text.format'],
  [/^reasoning_effort$/, 'reasoning.effort'],
  [/^verbosity$/, 'text.verbosity'],
  [/^(top_)?logprobs$/, 'include'],
  [/^(tools\[\d+\]|tool_choice)\.function\b/, '$1'],
];

/** The carrier over a chat's: a response is a chat in other words, so each provider that serves chats serves responses. */
export function responsesOver(chat: Carrier): Carrier {
  return {
    request: (input) => inClientsNames(() => chat.request(input)),
    complete: (body, input) => responseOfChat(chat.complete(body, input), input),
    openStream: (input: CarryInput) => openResponseRelay(chat.openStream(input), input),
    failure: chat.failure,
  };
}

function inClientsNames(request: () => CarriedRequest): CarriedRequest {
  try {
    return request();
  } catch (error) {
    if (!(error instanceof WeirError) || error.param === undefined) throw error;
    const param = clientsName(error.param);
    const message = error.message.replace(`\`${error.param}\``, `\`${param}\``);
    throw new WeirError(error.code, { param, message });
  }
}

function clientsName(param: string): string {
  for (const [pattern, name] of NAMES) if (pattern.test(param)) return param.replace(pattern, name);
  return param;
}
