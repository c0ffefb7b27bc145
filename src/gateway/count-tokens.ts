// Owns: `POST /v1/messages/count_tokens`: asked of a provider that counts for itself, counted here for the others. Holds and charges nothing.

import type { LedgerStore } from '../ledger/core/ledger-store.ts';
import { WeirError } from '../primitives/errors.ts';
import { parseCountTokens } from '../providers/anthropic/messages-call.ts';
import { carrierFor } from '../providers/carriers.ts';
import type { TokenCounter } from '../providers/counting/token-counter.ts';
import { credentialHeaders } from '../providers/credentials.ts';
import { parseChatCompletions } from '../providers/openai/chat-call.ts';
import type { CarryInput } from '../providers/protocol.ts';
import { messagesOverOpenAiCarrier } from '../providers/translation/messages-over-openai.ts';
import { errorOfFailure } from '../providers/wire/upstream-failure.ts';
import type { IncomingCall } from './call.ts';
import { watchClient } from './relay/client-connection.ts';
import { firstRefusal } from './rules/rules.ts';
import { providerOf } from './snapshot/endpoint-facts.ts';
import type { Snapshot } from './snapshot/snapshot.ts';
import { authenticate } from './stages/authenticate.ts';
import { toError } from './stages/decide.ts';
import type { DispatchDependencies } from './stages/dispatch.ts';
import { tokenizerOf } from './stages/known-usage.ts';
import { readWishes } from './stages/read-wishes.ts';
import { resolve } from './stages/resolve.ts';

/** What counting needs. */
export interface CountDependencies extends DispatchDependencies {
  readonly snapshot: Snapshot;
  readonly store: LedgerStore;
  readonly counter: TokenCounter;
}

/**
 * Counts the input tokens of a call.
 * @throws {WeirError} of the caller, the model's rules, or the provider
 */
export async function countTokens(
  dependencies: CountDependencies,
  incoming: IncomingCall,
): Promise<Record<string, unknown>> {
  const { snapshot, store, counter, upstream, chooseProvider } = dependencies;
  const caller = await authenticate(incoming, snapshot);
  const parsed = parseCountTokens(incoming.body);
  const nowMs = store.nowMs();
  const resolution = resolve({ caller, parsed, wishes: readWishes(incoming.headers), nowMs });
  const refusal = firstRefusal({
    caller,
    resolution,
    route: parsed.route,
    remoteAddress: incoming.remoteAddress,
    needs: parsed.needs,
    nowMs,
  });
  if (refusal) throw toError(refusal);
  const { model } = resolution;
  const beta = incoming.headers['anthropic-beta'];
  const input: CarryInput = {
    call: parsed,
    providerModelId: model.providerModelId,
    outputCap: null,
    modelMaxOutputTokens: model.maxOutputTokens,
    overlay: resolution.overlay,
    endUserId: null,
    prefersMaxTokensField: true,
    anthropicBeta: typeof beta === 'string' ? beta : null,
  };
  const known = providerOf(caller.platform, model);
  const carrier = known && carrierFor('count_tokens', known.protocol);
  const provider = known && chooseProvider(known, caller.organization);
  if (!carrier || !provider || provider.status === 'inactive' || provider.secret === null)
    return { input_tokens: countAsChat(counter, input, tokenizerOf(caller, model)) };
  const outcome = await upstream.run({
    targets: [
      {
        provider,
        modelId: model.id,
        credentialId: provider === known ? 'platform' : caller.organization.id,
        prepare: () => ({
          carrier,
          input,
          carried: carrier.request(input),
          credentials: credentialHeaders(provider.protocol, provider.secret ?? ''),
        }),
      },
    ],
    isStream: false,
    cancellation: watchClient(incoming.response),
  });
  if (outcome.kind === 'failed') throw errorOfFailure(outcome.failure);
  if (outcome.kind !== 'complete') throw new WeirError('request_cancelled');
  return JSON.parse(outcome.answer.body.toString('utf8')) as Record<string, unknown>;
}

/** Counts what would be sent to a model of OpenAI's protocol, the template's part included: nothing is estimated that can be counted. */
function countAsChat(counter: TokenCounter, input: CarryInput, tokenizer: string): number {
  const { body } = messagesOverOpenAiCarrier.request(input);
  return counter.countInput(parseChatCompletions(body), tokenizer);
}
