// Owns: waiting for a condition, with a deadline whose failure says what was waited for. Not: what is waited for.

import { vi } from 'vitest';

/** How often a condition is looked at. */
const LOOK_EVERY_MS = 20;
/** Generous: a busy machine must not make a test fail, a condition that never comes must. */
const DEADLINE_MS = 60_000;

/**
 * Resolves with the condition's first value that is neither false, null nor undefined.
 * @throws naming `what` when it has not come within `withinMs`; `explain` adds what was seen instead
 */
export async function until<Value>(
  what: string,
  condition: () => Value | Promise<Value>,
  { withinMs = DEADLINE_MS, explain = () => '' }: { withinMs?: number; explain?: () => string } = {},
): Promise<Exclude<Value, false | null | undefined>> {
  let found: { value: Exclude<Value, false | null | undefined> } | undefined;
  try {
    await vi.waitUntil(
      async () => {
        const value = await condition();
        if (value === false || value === null || value === undefined) return false;
        found = { value: value as Exclude<Value, false | null | undefined> };
        return true;
      },
      { timeout: withinMs, interval: LOOK_EVERY_MS },
    );
  } catch (error) {
    throw new Error(`${what}: not within ${withinMs} ms. ${explain()}`, { cause: error });
  }
  if (found === undefined) throw new Error(`${what}: ended without a value`);
  return found.value;
}
