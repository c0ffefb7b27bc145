// Owns: what a stream has put out so far: its text, and a bound of its tokens. Does not own: where in an event the text stands.

/** Grows with each delta. */
export interface OutputTally {
  /** Adds generated text. */
  addText(text: string): void;
  /** Adds generated audio, given as base64. */
  addAudio(base64: string): void;
  text(): string;
  tokensBound(): number;
}

/**
 * Base64 characters of audio to an output token. OpenAI counts one per 50 ms; the sparsest of its formats (Opus at about 6 kbit/s) has
 * 37 bytes, 50 characters, in that time. Halved, for variable rates.
 */
const AUDIO_CHARACTERS_PER_TOKEN = 25;

/** Opens the tally of one stream. */
export function createOutputTally(): OutputTally {
  let text = '';
  let bound = 0;
  return {
    addText(added) {
      text += added;
      // A token is at least one byte (see token-bound.ts).
      bound += Buffer.byteLength(added);
    },
    addAudio(base64) {
      bound += Math.ceil(base64.length / AUDIO_CHARACTERS_PER_TOKEN);
    },
    text: () => text,
    tokensBound: () => bound,
  };
}
