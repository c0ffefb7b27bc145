// Owns: a question and its answer: begun, asked through the gateway's pipeline, kept however it ends, repeated for its idempotency key. Not: what the answer looks
// like on the wire (chat-events.ts) or the pipeline.

import type { MemberCaller } from '../../contracts/caller.ts';
import type { ChatAnswer, ChatEnd, ChatPipeline } from '../../contracts/chat/chat-pipeline.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Random } from '../../primitives/random.ts';
import type { Events } from '../events/index.ts';
import { type ChatBody, hashAsk, lostSince, readAsk } from './chat.rules.ts';
import { explainStart, type StartedChat, startChat, undoChat } from './chat-start.ts';
import { tellSelection } from './chat-telling.ts';
import { findByKey, type Message, type MessageEnd, updateEndedMessage } from './message.queries.ts';

/** Longest answer that is kept. */
const ANSWER_LENGTH_MAX = 2_000_000;

/** A question as it came. */
export interface ChatQuestion {
  readonly body: ChatBody;
  readonly idempotencyKey: string | null;
  /** Aborted when the person has left or stopped it. */
  readonly signal: AbortSignal;
}

/** An answer under way, with its rows. */
export interface BegunAnswer {
  readonly chat: StartedChat;
  readonly answer: ChatAnswer;
  /** The answer as it was kept. Rejects when it could not be. */
  readonly kept: Promise<MessageEnd>;
}

/** The acts. */
export interface ChatService {
  /**
   * Asks. Kept when the answer begins, or with the answer of an earlier question with the same key.
   * @throws {WeirError} of the body, the conversation, or the pipeline; then nothing was kept and nothing charged
   */
  ask(caller: MemberCaller, question: ChatQuestion): Promise<BegunAnswer | { readonly repeated: Message }>;
}

/** What it is made of. */
export interface ChatServiceOptions {
  readonly database: Database;
  readonly pipeline: ChatPipeline;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of faults of our own that nobody waits for. */
  readonly onFault: (error: unknown) => void;
}

/** Over the given database and pipeline. */
export function createChatService(options: ChatServiceOptions): ChatService {
  const { database, pipeline, events, onFault } = options;
  return {
    async ask(caller, question) {
      refuseOthers(caller);
      const started = await begin(options, caller, question);
      if ('repeated' in started) return started;
      const { turns, personaId, templateId } = started;
      const modelId = question.body.model ?? null;
      const person = { organizationId: caller.organizationId, userId: caller.userId, ip: caller.request.ip };
      let answer: ChatAnswer;
      try {
        answer = await pipeline.ask(person, { turns, modelId, personaId, templateId, signal: question.signal });
      } catch (error) {
        await withPrincipal(database, caller, (tx) => undoChat(tx, started)).catch(onFault);
        throw error;
      }
      const isSelected = modelId !== null && modelId !== started.modelBefore;
      const kept = answer.ended.then((end) => keep({ database, events }, caller, { started, answer, end, isSelected }));
      // Kept whether or not anybody still waits for it.
      kept.catch(onFault);
      return { chat: started, answer, kept };
    },
  };
}

/** A conversation is its person's: an organization's token speaks for nobody. */
export function refuseOthers({ apiToken }: MemberCaller): void {
  if (apiToken?.kind === 'organization')
    throw new WeirError('forbidden', {
      message: "Conversations are a person's own. Use a session or a personal token.",
    });
}

async function begin(
  { database, clock, random }: ChatServiceOptions,
  caller: MemberCaller,
  { body, idempotencyKey }: ChatQuestion,
): Promise<StartedChat | { readonly repeated: Message }> {
  const ask = readAsk(body);
  const idempotency = idempotencyKey === null ? undefined : { key: idempotencyKey, hash: hashAsk(body) };
  try {
    return await withPrincipal(database, caller, async (tx) => {
      const nowMs = clock.nowMs();
      const earlier = idempotency && (await findByKey(tx, caller, idempotency.key));
      if (earlier === undefined) return startChat(tx, caller, { ask, idempotency, nowMs, random });
      if (earlier.requestHash?.equals(idempotency?.hash ?? Buffer.alloc(0)) !== true)
        throw new WeirError('idempotency_mismatch');
      if (earlier.status === 'streaming' && earlier.createdAt >= lostSince(nowMs))
        throw new WeirError('conflict', { retryAfterSeconds: 1 });
      return { repeated: earlier };
    });
  } catch (error) {
    throw explainStart(error);
  }
}

/** Writes down what came, and tells of it. */
async function keep(
  { database, events }: { readonly database: Database; readonly events: Events },
  caller: MemberCaller,
  {
    started,
    answer,
    end,
    isSelected,
  }: {
    readonly started: StartedChat;
    readonly answer: ChatAnswer;
    readonly end: ChatEnd;
    readonly isSelected: boolean;
  },
): Promise<MessageEnd> {
  const message = endOf(answer, end);
  const { modelId, trialRemaining } = answer;
  await withPrincipal(database, caller, async (tx) => {
    // A conversation that was deleted meanwhile takes its answer along, as one of somebody who left the organization is out of their reach.
    const isThere = await updateEndedMessage(tx, { ...started.conversation, id: started.answerId }, message);
    if (!isThere) return;
    if (isSelected && (end.status === 'success' || end.text !== ''))
      await tellSelection({ events, tx }, caller, {
        ...{ modelId, personaId: started.personaId, isTrial: trialRemaining !== null },
      });
  });
  return message;
}

const STATUSES = { success: 'complete', cancelled: 'cancelled', error: 'failed', timeout: 'failed' } as const;

function endOf(answer: ChatAnswer, end: ChatEnd): MessageEnd {
  const { modelId, fallback, requestId, trialRemaining } = answer;
  const { finishReason, errorCode, inputTokens, outputTokens, costNanoUsd } = end;
  return {
    ...{
      modelId,
      fallback,
      requestId,
      trialRemaining,
      finishReason,
      errorCode,
      inputTokens,
      outputTokens,
      costNanoUsd,
    },
    // PostgreSQL's texts hold no NUL.
    content: end.text.replaceAll('\0', '').slice(0, ANSWER_LENGTH_MAX),
    status: STATUSES[end.status],
    isTrial: trialRemaining !== null,
  };
}
