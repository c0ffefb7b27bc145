// Owns: many calls of one key at the same moment, spread over servers, divided into answers and refusals. Not: how many of each there must be.

import { Agent } from 'undici';
import { expect } from 'vitest';
import { type CallOutcome, type CallPlan, makeCall } from './chaos-call.ts';

/** What came of a rush. */
export interface RushResult {
  readonly answered: readonly CallOutcome[];
  readonly refused: readonly CallOutcome[];
}

/**
 * Makes `calls` calls at once, in both protocols, streamed and not. Expects each to be answered whole or refused with the status `refusedWith`: a third
 * thing is a fault.
 */
export async function rush(
  plan: Pick<CallPlan, 'key' | 'model' | 'directives' | 'maxTokens'>,
  options: { readonly urls: readonly string[]; readonly calls: number; readonly refusedWith: number },
): Promise<RushResult> {
  const { urls, calls, refusedWith } = options;
  const agent = new Agent({ connections: calls });
  const outcomes = await Promise.all(
    Array.from({ length: calls }, (_, index) => {
      const url = urls[index % urls.length] ?? '';
      const protocol = index % 2 === 0 ? 'chat' : 'messages';
      return makeCall({ ...plan, url, protocol, stream: index % 4 < 2 }, agent);
    }),
  );
  await agent.destroy();
  const answered = outcomes.filter(({ told }) => told !== null);
  const refused = outcomes.filter(({ status }) => status === refusedWith);
  const others = outcomes.filter((outcome) => !answered.includes(outcome) && !refused.includes(outcome));
  expect(others.map(({ status, failure, refusal }) => ({ status, failure, refusal }))).toEqual([]);
  return { answered, refused };
}
