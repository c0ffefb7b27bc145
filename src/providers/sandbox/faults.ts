// Owns: turning an answer into the steps it is sent in, with the failures that directives ask for. Pure. Not: what the answer says.

import type { AnswerStep, StreamFrame } from './answer-plan.ts';
import type { Directives } from './directives.ts';

/** Bytes written at once of a huge line. */
const FILLER = Buffer.alloc(64 * 1024, 'x');

/** What says that a directive asks for more than pace and length. */
const HARMLESS = new Set(['tokens', 'delay', 'chunk-delay', 'cached', 'cache-write']);

/** Directives without their failures: what is left when `fail-first=` is over. */
export function withoutFailures(directives: Directives): Directives {
  const numbers = Object.fromEntries(Object.entries(directives.numbers).filter(([name]) => HARMLESS.has(name)));
  return { numbers, words: {}, flags: new Set() };
}

/** The steps of a whole answer. */
export function wholeSteps(body: string, directives: Directives): AnswerStep[] {
  const { numbers, flags } = directives;
  const half = body.slice(0, body.length >> 1);
  const steps = openingSteps(directives);
  if (numbers.stall !== undefined) steps.push(write(half), { kind: 'stall' });
  else if (numbers.cut !== undefined) steps.push(write(half), { kind: 'reset' });
  else if (flags.has('malformed')) steps.push(write(half));
  else if (numbers['huge-line'] !== undefined) {
    steps.push(write('{"padding":"'), ...filler(numbers['huge-line']), write(`",${body.slice(1)}`));
  } else if (flags.has('split-utf8')) steps.push(...splitWrites(body));
  else steps.push(write(body));
  return steps;
}

/** The steps of an event stream. Without directives all frames go out in one write: the sandbox must not slow a benchmark. */
export function streamSteps(
  frames: readonly StreamFrame[],
  directives: Directives,
  errorFrame: () => string,
): AnswerStep[] {
  const { numbers, flags } = directives;
  const steps = openingSteps(directives);
  let pending = '';
  let contents = 0;
  const flush = (): void => {
    if (pending !== '') steps.push(...(flags.has('split-utf8') ? splitWrites(pending) : [write(pending)]));
    pending = '';
  };
  const isDue = (after: number | undefined, frame: StreamFrame): boolean =>
    after !== undefined && (frame.isEnd || (frame.isContent && contents >= after));
  for (const frame of frames) {
    if (isDue(numbers.stall, frame)) {
      flush();
      steps.push({ kind: 'stall' });
      return steps;
    }
    if (isDue(numbers.cut, frame)) {
      flush();
      steps.push({ kind: 'reset' });
      return steps;
    }
    if (isDue(numbers['stream-error'], frame)) {
      pending += errorFrame();
      flush();
      return steps;
    }
    if (frame.isContent) {
      if (contents === 1) {
        if (flags.has('malformed')) pending += 'data: {"choices":[{"delta":\n\n';
        if (numbers['huge-line'] !== undefined) {
          flush();
          steps.push(write(': '), ...filler(numbers['huge-line']), write('\n\n'));
        }
      }
      if (numbers['chunk-delay'] !== undefined && contents > 0) {
        flush();
        steps.push({ kind: 'wait', ms: numbers['chunk-delay'] });
      }
      contents += 1;
    }
    if (!(frame.isEnd && flags.has('no-done'))) pending += frame.text;
  }
  flush();
  return steps;
}

/** What comes before the first byte. */
export function openingSteps({ numbers }: Directives): AnswerStep[] {
  return numbers.delay === undefined ? [] : [{ kind: 'wait', ms: numbers.delay }];
}

function write(bytes: string | Buffer): AnswerStep {
  return { kind: 'write', bytes };
}

function filler(bytes: number): AnswerStep[] {
  const times = Math.floor(bytes / FILLER.length);
  const rest = bytes % FILLER.length;
  const steps: AnswerStep[] = [];
  if (times > 0) steps.push({ kind: 'repeat', bytes: FILLER, times });
  if (rest > 0) steps.push(write(FILLER.subarray(0, rest)));
  return steps;
}

/** Writes that end within characters: after the first byte of each one that has several. */
function splitWrites(text: string): AnswerStep[] {
  const bytes = Buffer.from(text);
  const steps: AnswerStep[] = [];
  let start = 0;
  bytes.forEach((byte, index) => {
    if (byte < 0xc0) return;
    steps.push(write(bytes.subarray(start, index + 1)), { kind: 'wait', ms: 1 });
    start = index + 1;
  });
  if (start < bytes.length) steps.push(write(bytes.subarray(start)));
  return steps;
}
