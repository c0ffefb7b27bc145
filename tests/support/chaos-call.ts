// Owns: one call of a chaos test over HTTP, and what its client knows afterwards: answered whole or not, and with which usage. Not: when calls are
// made (crowd.ts).

import { type Dispatcher, request } from 'undici';
import { systemClock } from '../../src/primitives/clock.ts';

/** What a call asks for. */
export interface CallPlan {
  readonly url: string;
  readonly key: string;
  readonly protocol: 'chat' | 'messages';
  readonly model: string;
  readonly stream: boolean;
  /** Directives of the sandbox, such as `tokens=20 chunk-delay=5`. */
  readonly directives: string;
  readonly maxTokens: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the client knows afterwards. */
export interface CallOutcome {
  readonly plan: CallPlan;
  /** Of the answer's head; null when none came. */
  readonly requestId: string | null;
  readonly status: number | null;
  /** A whole answer with status 200: the usage in it. Only then the call is acknowledged. */
  readonly told: { readonly input: bigint; readonly output: bigint } | null;
  /** Weir's code of a refusal, with its body. */
  readonly refusal: { readonly code: string; readonly body: RefusalBody } | null;
  readonly retryAfter: string | null;
  /** From the request to the end of the answer. */
  readonly durationMs: number;
  /** How the connection failed; null when it did not. */
  readonly failure: string | null;
}

/** What a refusal says, as far as the tests read it. */
export interface RefusalBody {
  readonly weir?: { readonly code?: string; readonly meters?: readonly Record<string, unknown>[] };
}

/** Makes the call and never rejects. */
export async function makeCall(plan: CallPlan, dispatcher: Dispatcher, signal?: AbortSignal): Promise<CallOutcome> {
  const outcome: { -readonly [Field in keyof CallOutcome]: CallOutcome[Field] } = {
    ...{
      plan,
      requestId: null,
      status: null,
      told: null,
      refusal: null,
      retryAfter: null,
      failure: null,
      durationMs: 0,
    },
  };
  const startedAtMs = systemClock.monotonicMs();
  try {
    const answer = await request(`${plan.url}${PATHS[plan.protocol]}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${plan.key}`, 'content-type': 'application/json', ...plan.headers },
      body: JSON.stringify(bodyOf(plan)),
      dispatcher,
      signal: signal ?? null,
    });
    outcome.status = answer.statusCode;
    outcome.requestId = headerOf(answer.headers['x-request-id']);
    outcome.retryAfter = headerOf(answer.headers['retry-after']);
    const text = await answer.body.text();
    if (answer.statusCode === 200) outcome.told = usageIn(plan, text);
    else outcome.refusal = refusalIn(text);
  } catch (error) {
    outcome.failure = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : String(error);
  }
  outcome.durationMs = Math.round(systemClock.monotonicMs() - startedAtMs);
  return outcome;
}

const PATHS = { chat: '/v1/chat/completions', messages: '/v1/messages' } as const;

function bodyOf({ protocol, model, stream, directives, maxTokens }: CallPlan): object {
  const messages = [{ role: 'user', content: `Say something. [[sandbox: ${directives}]]` }];
  const body = { model, max_tokens: maxTokens, messages, ...(stream ? { stream } : {}) };
  return stream && protocol === 'chat' ? { ...body, stream_options: { include_usage: true } } : body;
}

function headerOf(value: string | string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function refusalIn(text: string): CallOutcome['refusal'] {
  try {
    const body = JSON.parse(text) as RefusalBody;
    return { code: body.weir?.code ?? 'unknown', body };
  } catch {
    return { code: 'unreadable', body: {} };
  }
}

interface Usage {
  readonly prompt_tokens?: number;
  readonly completion_tokens?: number;
  readonly input_tokens?: number;
  readonly output_tokens?: number;
}

/** The usage of a whole answer; null of one that broke off, whatever it says. */
function usageIn({ protocol, stream }: CallPlan, text: string): CallOutcome['told'] {
  if (!stream) return toldBy((JSON.parse(text) as { usage?: Usage }).usage ?? {});
  const events = text.split('\n').flatMap((line) => (line.startsWith('data: {') ? [JSON.parse(line.slice(6))] : []));
  if (protocol === 'chat') {
    if (!text.endsWith('data: [DONE]\n\n')) return null;
    return toldBy(events.findLast((event) => event.usage != null)?.usage ?? {});
  }
  if (events.at(-1)?.type !== 'message_stop') return null;
  const began: Usage = events.find((event) => event.type === 'message_start')?.message.usage ?? {};
  const ended: Usage = events.findLast((event) => event.type === 'message_delta')?.usage ?? {};
  return toldBy({ ...began, ...ended });
}

/** Null where the answer names no usage: then its client was told nothing that could be compared. */
function toldBy(usage: Usage): CallOutcome['told'] {
  const input = usage.prompt_tokens ?? usage.input_tokens;
  const output = usage.completion_tokens ?? usage.output_tokens;
  return input === undefined || output === undefined ? null : { input: BigInt(input), output: BigInt(output) };
}
