// Owns: a whole answer's last step: handed to the client's socket, and not kept for ever for a client that does not take it. Not: streams
// (stream-relay.ts), or what the answer is.

import { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { CallResponse } from '../call.ts';

/** Time for a client to take something of what waits for it. A minute and a bit: no keep-alive time that somebody would set. */
const STALL_MS = 60_007;

/** Less than this is left to the system's buffers: watching costs more than it may hold. Bytes. */
const UNWATCHED_MAX = 64 * 1024;

/** Ends the response with its body. A client that takes nothing of a large one for `stallMs` is cut off; one that reads slowly is not. */
export function endWhole(response: CallResponse, body: Buffer, stallMs = STALL_MS): void {
  if (body.length > UNWATCHED_MAX && response instanceof ServerResponse) watchReader(response, stallMs);
  response.end(body);
}

/** The socket's own timer looks whether the system has taken more since (net.Socket, `_onTimeout`), and Node closes a socket that it ends for. */
function watchReader(response: ServerResponse, stallMs: number): void {
  const watch = (socket: Socket): void => {
    socket.setTimeout(stallMs);
    // What waits on the connection next, another call perhaps, takes its own time; a timer that Node has set by then is its own.
    response.once('finish', () => {
      if (socket.timeout === stallMs) socket.setTimeout(0);
    });
  };
  // One of several calls on a connection gets it when those before it are answered.
  if (response.socket === null) response.once('socket', watch);
  else watch(response.socket);
}
