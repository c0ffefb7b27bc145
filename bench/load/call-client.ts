// Owns: single calls over kept connections, each with its answer. Not: when they are made.

import { Pool } from 'undici';
import { CALL_BODY, CALL_PATH, type LoadTarget, STREAM_BODY } from './bench-call.ts';

/** Makes calls to one target. */
export interface CallClient {
  /** Makes a call and reads its answer; gives the status. */
  call(): Promise<number>;
  /** Makes a streamed call and hands on each part as it comes; gives the status. */
  stream(onPart: (part: Buffer) => void): Promise<number>;
  close(): Promise<void>;
}

/** A client with at most `connections` open. */
export function createCallClient(target: LoadTarget, connections: number): CallClient {
  const pool = new Pool(target.url, { connections, pipelining: 1 });
  let turn = 0;
  const post = (body: string) => {
    turn = (turn + 1) % target.keys.length;
    return pool.request({
      method: 'POST',
      path: CALL_PATH,
      headers: { ...target.headers, 'content-type': 'application/json', authorization: `Bearer ${target.keys[turn]}` },
      body,
    });
  };
  return {
    async call() {
      const { statusCode, body } = await post(CALL_BODY);
      await body.dump();
      return statusCode;
    },
    async stream(onPart) {
      const { statusCode, body } = await post(STREAM_BODY);
      for await (const part of body) onPart(part as Buffer);
      return statusCode;
    },
    close: () => pool.close(),
  };
}

/** Makes exactly `count` calls, `connections` at a time; gives how many were answered with 2xx. */
export async function callExactly(
  target: LoadTarget,
  { count, connections }: { count: number; connections: number },
): Promise<number> {
  const client = createCallClient(target, connections);
  let left = count;
  let answered = 0;
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      if (isSuccess(await client.call())) answered += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, caller));
  await client.close();
  return answered;
}

/** Whether a status is 2xx. */
export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
