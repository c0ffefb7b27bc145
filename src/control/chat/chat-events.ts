// Owns: an answer as the events that its person hears. Not: sending them (the server), or keeping the answer (chat.service.ts).

import type { z } from 'zod';
import type { chatEvents } from '../../contracts/chat/chat.ts';
import type { StreamedEvent } from '../../contracts/route.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import { ERROR_CATALOGUE, type ErrorCode, WeirError } from '../../primitives/errors.ts';
import type { BegunAnswer } from './chat.service.ts';
import type { Message, MessageEnd } from './message.queries.ts';

type EventData = { readonly [Name in keyof typeof chatEvents]: z.input<(typeof chatEvents)[Name]> };

const event = <Name extends keyof EventData>(name: Name, data: EventData[Name]): StreamedEvent => ({
  event: name,
  data,
});

/** Where an answer is kept. */
interface Place {
  readonly conversationId: string;
  readonly messageId: string;
}

/** An answer under way: what comes, as it comes, and how it was kept. */
export async function* tellAnswer({ chat, answer, kept }: BegunAnswer): AsyncGenerator<StreamedEvent> {
  const place = { conversationId: chat.conversation.id, messageId: chat.answerId };
  const { modelId: model, fallback } = answer;
  yield event('start', { ...place, userMessageId: chat.questionId, model, fallback });
  for await (const text of answer.pieces) yield event('delta', { text });
  yield tellEnd(place, await kept);
}

/** An answer that was given before. */
export async function* tellAgain(message: Message): AsyncGenerator<StreamedEvent> {
  const place = { conversationId: message.conversationId, messageId: message.id };
  const { modelId, fallback, content } = message;
  yield event('start', { ...place, userMessageId: null, model: modelId ?? '', fallback });
  if (content !== '') yield event('delta', { text: content });
  yield tellEnd(place, message);
}

/**
 * The last event.
 * @throws {WeirError} why the answer broke off
 */
function tellEnd(place: Place, end: MessageEnd): StreamedEvent {
  if (end.status === 'failed' || end.status === 'streaming') throw brokenOff(place, end.errorCode);
  const { modelId, fallback, finishReason, errorCode, inputTokens, outputTokens, costNanoUsd, trialRemaining } = end;
  return event('done', {
    ...{ ...place, model: modelId ?? '', fallback, finish_reason: finishReason, code: errorCode },
    tokens: { input: Number(inputTokens ?? 0n), output: Number(outputTokens ?? 0n) },
    cost_usd: costNanoUsd === null ? null : formatUsd(costNanoUsd),
    trial_remaining: trialRemaining,
  });
}

function brokenOff(place: Place, code: string | null): WeirError {
  const known = code !== null && code in ERROR_CATALOGUE ? (code as ErrorCode) : 'provider_error';
  // A fault of ours was told where it happened; here it is only how an answer ended.
  return new WeirError(known === 'internal_error' ? 'provider_error' : known, {
    message: 'The answer broke off. What came of it is kept.',
    details: { ...place },
  });
}
