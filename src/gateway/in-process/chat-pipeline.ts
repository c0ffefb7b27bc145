// Owns: a person's chat as a call of the gateway: the conversation as OpenAI's request, the answer as text. Not: conversations (the control plane's).

import type { ChatAnswer, ChatEnd, ChatPerson, ChatPipeline, ChatRequest } from '../../contracts/chat/chat-pipeline.ts';
import { parseChatCompletions } from '../../providers/openai/chat-call.ts';
import type { CallReport } from '../observer.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { authenticate } from '../stages/authenticate.ts';
import { readWishes } from '../stages/read-wishes.ts';
import { resolve } from '../stages/resolve.ts';
import { type ChatText, readChatText } from './chat-text.ts';
import { fitTurns, guessTokens } from './fit-turns.ts';
import { callAsPerson, type Serve } from './person-call.ts';

/** Conversations up to this size fit into every model that chats; nothing is looked up for them. Tokens, guessed high. */
const ALWAYS_FITS_TOKENS = 2_000;

/** The pipeline for people. */
export function createChatPipeline(options: {
  readonly serve: Serve;
  readonly snapshot: Snapshot;
  readonly nowMs: () => number;
}): ChatPipeline {
  const { serve } = options;
  return {
    async ask(person, request) {
      const { organizationId, userId, ip } = person;
      const headers = request.personaId === null ? {} : { 'x-weir-persona': request.personaId };
      const { headers: head, ...answer } = await callAsPerson(serve, {
        ...{ route: 'chat_completions', headers, remoteAddress: ip ?? '', signal: request.signal },
        person: { organizationId, userId },
        body: bodyOf({ ...request, turns: await turnsThatFit(options, { person, request, headers }) }),
      });
      const seen: ChatText = { text: '', finishReason: null, noticeCode: null };
      return {
        requestId: String(head['x-request-id']),
        modelId: String(head['x-weir-model']),
        fallback: textOf(head['x-weir-fallback']),
        trialRemaining: head['x-weir-trial-remaining'] === undefined ? null : Number(head['x-weir-trial-remaining']),
        pieces: readChatText(answer.bytes, seen),
        ended: answer.report.then((report) => endOf(report, seen)),
      } satisfies ChatAnswer;
    },
  };
}

const textOf = (header: unknown): string | null => (typeof header === 'string' ? header : null);

function bodyOf({ turns, modelId, templateId }: ChatRequest): Buffer {
  const model = templateId === null ? (modelId ?? 'auto') : `template:id:${templateId}`;
  return Buffer.from(JSON.stringify({ model, stream: true, messages: turns }));
}

/** Resolves the call as its stage will, in memory, to know how much its model holds. What can't be resolved is left for the stage to say. */
async function turnsThatFit(
  { snapshot, nowMs }: { readonly snapshot: Snapshot; readonly nowMs: () => number },
  {
    person,
    request,
    headers,
  }: { readonly person: ChatPerson; readonly request: ChatRequest; readonly headers: Readonly<Record<string, string>> },
): Promise<ChatRequest['turns']> {
  const { turns } = request;
  if (turns.length < 2 || guessTokens(turns) <= ALWAYS_FITS_TOKENS) return turns;
  try {
    const caller = await authenticate({ headers, person }, snapshot);
    const parsed = parseChatCompletions(bodyOf({ ...request, turns: turns.slice(-1) }));
    const { model, overlay } = resolve({ caller, parsed, wishes: readWishes(headers), nowMs: nowMs() });
    const { contextWindow: contextTokens, maxOutputTokens } = model;
    return fitTurns(turns, { contextTokens, maxOutputTokens, systemMessage: overlay?.systemMessage ?? null });
  } catch {
    return turns;
  }
}

function endOf(report: CallReport, { text, finishReason, noticeCode }: ChatText): ChatEnd {
  const { outcome, errorCode, inputTokens, outputTokens, costNanoUsd } = report;
  // A call that was denied has no answer that could end.
  const status = outcome === 'denied' ? 'error' : outcome;
  return { text, status, finishReason, errorCode: errorCode ?? noticeCode, inputTokens, outputTokens, costNanoUsd };
}
