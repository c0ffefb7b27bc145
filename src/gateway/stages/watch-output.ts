// Owns: an answer that outgrows its hold in mid-stream: the hold is extended, or the stream ends cleanly. Happens only where an upstream
// does not keep to the `max_tokens` it was given. Not: relaying (relay/) or whether there is room (the ledger).

import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { ExtendVerdict, Hold } from '../../ledger/core/reservation.ts';
import { maxAmount } from '../../primitives/amounts.ts';
import type { TokenCounter } from '../../providers/counting/token-counter.ts';
import type { StreamNotice } from '../../providers/protocol.ts';
import type { AdmittedCall } from '../call.ts';
import type { RelayControl } from '../relay/stream-relay.ts';
import { codeOfMeter, firstFailing } from './denial.ts';
import { tokenizerOf } from './known-usage.ts';

/** Output tokens that an extension adds at least. */
const EXTENSION_TOKENS = 1024n;

/** An extension adds this part of what came, where there is room: each counts the whole text, and small ones would count it without end. */
const EXTENSION_SHARE = 4n;

/** The hold of a stream under way. */
export interface WatchedHold {
  /** To be told of every growth of the output's upper bound; gives nothing while all is well. */
  onProgress(outputTokensBound: number, control: RelayControl): void;
  /** The hold as it stands. */
  current(): Hold;
}

/** Watches one stream. `text` gives what was streamed so far; it is counted only when its upper bound may be past the hold. */
export function watchOutput(
  dependencies: {
    readonly store: LedgerStore;
    readonly counter: TokenCounter;
    readonly onFault: (error: unknown) => void;
  },
  call: AdmittedCall,
  text: () => string,
): WatchedHold {
  const { store, counter } = dependencies;
  const tokenizer = tokenizerOf(call.caller, call.admission.resolution.model);
  let hold = call.hold;
  let isExtending = false;
  // A token is at least one byte: below this bound of bytes the hold can't be outgrown.
  let countAt = Number(hold.grantedOutput);

  const ask = (grantedOutput: bigint): Promise<ExtendVerdict> =>
    store.extend({ hold, legs: call.admission.legs, grantedOutput });
  const extend = async (counted: bigint, control: RelayControl): Promise<void> => {
    isExtending = true;
    control.pause();
    try {
      const share = counted / EXTENSION_SHARE;
      let verdict = await ask(counted + maxAmount(share, EXTENSION_TOKENS));
      if (verdict.outcome === 'denied' && share > EXTENSION_TOKENS) verdict = await ask(counted + EXTENSION_TOKENS);
      if (verdict.outcome === 'extended') {
        hold = verdict.hold;
        control.resume();
      } else {
        control.cut(noticeOf(verdict));
      }
    } catch (error) {
      // Without the ledger nothing more can be set aside: what came is settled, and the stream ends.
      dependencies.onFault(error);
      control.cut({
        code: 'ledger_unavailable',
        message: 'The answer ends here: usage cannot be recorded at the moment.',
      });
    }
    isExtending = false;
  };
  return {
    onProgress(bound, control) {
      if (bound <= countAt || isExtending) return;
      const counted = BigInt(counter.count(text(), tokenizer));
      if (counted > hold.grantedOutput) void extend(counted, control);
      else countAt = bound + Number(hold.grantedOutput - counted);
    },
    current: () => hold,
  };
}

/** Which limit ended the answer: the first in the order of report. A hold that has ended meanwhile leaves nothing to extend. */
function noticeOf(verdict: Exclude<ExtendVerdict, { outcome: 'extended' }>): StreamNotice {
  const first = verdict.outcome === 'denied' ? firstFailing(verdict.failing) : undefined;
  if (!first) return { code: 'overloaded', message: 'The answer ends here: it took longer than its hold.' };
  return { code: codeOfMeter(first.meter.kind), message: `The answer ends here: ${first.meter.label} is used up.` };
}
