// Owns: the response object around its output: who it is, how it ended, and what was asked for. Does not own: the items of its output (response-items.ts).

import type { CarryInput, ReportedUsage } from '../protocol.ts';
import { isAbsent, isObject, type JsonObject } from '../wire/body-fields.ts';
import { renderResponseUsage } from './response-usage.ts';

/** Who a response is: taken from the chat that it was made of. */
export interface ResponseIdentity {
  /** Without a prefix: ids of the response and its items are made of it. */
  readonly suffix: string;
  readonly createdSeconds: number;
  readonly model: string;
  readonly serviceTier: unknown;
}

/** How a response stands. */
export interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed';
  /** Why it is incomplete. */
  readonly reason?: 'max_output_tokens' | 'content_filter';
  readonly error?: { readonly code: string; readonly message: string };
  readonly output: readonly JsonObject[];
  /** Null while it is in progress, undefined where none was reported. */
  readonly usage?: ReportedUsage | null;
}

const PREFIX = /^(chatcmpl-|msg_|resp_)/;

/** The identity that a chat completion or chunk gives. */
export function identityOf(chat: JsonObject, input: CarryInput): ResponseIdentity {
  const { id, created, model } = chat;
  return {
    suffix: typeof id === 'string' && id !== '' ? id.replace(PREFIX, '') : 'weir',
    createdSeconds: typeof created === 'number' ? created : (input.createdSeconds ?? 0),
    model: typeof model === 'string' && model !== '' ? model : input.call.model,
    serviceTier: chat.service_tier,
  };
}

/** What a chat's `finish_reason` makes of a response. */
export function endingOf(finishReason: unknown): Pick<ResponseState, 'status' | 'reason'> {
  if (finishReason === 'length') return { status: 'incomplete', reason: 'max_output_tokens' };
  if (finishReason === 'content_filter') return { status: 'incomplete', reason: 'content_filter' };
  return { status: 'completed' };
}

/** The object. What was not asked for stands in it with OpenAI's defaults. */
export function renderResponse(
  input: CarryInput,
  identity: ResponseIdentity,
  state: ResponseState,
): Record<string, unknown> {
  const asked = input.call.asked ?? {};
  const text = isObject(asked.text) ? asked.text : {};
  const reasoning = isObject(asked.reasoning) ? asked.reasoning : {};
  return {
    id: `resp_${identity.suffix}`,
    object: 'response',
    created_at: identity.createdSeconds,
    status: state.status,
    background: false,
    error: state.error ?? null,
    incomplete_details: state.reason === undefined ? null : { reason: state.reason },
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    max_tool_calls: asked.max_tool_calls ?? null,
    metadata: asked.metadata ?? {},
    model: identity.model,
    output: state.output,
    parallel_tool_calls: asked.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: asked.prompt_cache_key ?? null,
    reasoning: { effort: reasoning.effort ?? null, summary: null },
    safety_identifier: asked.safety_identifier ?? null,
    service_tier: typeof identity.serviceTier === 'string' ? identity.serviceTier : (asked.service_tier ?? 'auto'),
    store: false,
    temperature: asked.temperature ?? 1,
    text: { ...text, format: text.format ?? { type: 'text' } },
    tool_choice: asked.tool_choice ?? 'auto',
    tools: asked.tools ?? [],
    top_logprobs: asked.top_logprobs ?? 0,
    top_p: asked.top_p ?? 1,
    truncation: 'disabled',
    usage: state.status === 'in_progress' ? null : renderResponseUsage(state.usage ?? null),
    ...(isAbsent(asked.user) ? {} : { user: asked.user }),
  };
}
