// Owns: the few calls that the server's tests make. Not: what is expected of them.

/** How long tests wait for what comes by itself: generous, for it says nothing of how long that takes. */
export const PATIENCE_MS = 20_000;

/** Sends a chat to the sandbox; give a prompt with directives for more than an answer. */
export function sendChat(
  url: string,
  key: string,
  options: { prompt?: string; stream?: boolean; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { prompt = 'Hello', stream = false, headers = {} } = options;
  return fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'sandbox-chat', stream, messages: [{ role: 'user', content: prompt }] }),
  });
}

/** A stream that has begun: its first bytes are here. */
export interface BegunStream {
  /** The whole text; rejects when the connection broke off. */
  rest(): Promise<string>;
  /** Leaves. */
  cancel(): Promise<void>;
}

/** Opens a stream and reads its first bytes. */
export async function beginStream(url: string, key: string, prompt: string): Promise<BegunStream> {
  const response = await sendChat(url, key, { prompt, stream: true });
  if (response.status !== 200 || response.body === null) throw new Error(`no stream: ${await response.text()}`);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const first = await reader.read();
  const text = decoder.decode(first.value, { stream: true });
  return {
    cancel: () => reader.cancel(),
    async rest() {
      let whole = text;
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return whole;
        whole += decoder.decode(value, { stream: true });
      }
    },
  };
}
