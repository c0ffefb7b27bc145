// Owns: how the gateway knows the way to origins that tenants name: as a type that the server hands over. Not: the guard itself (src/network).

import type { buildConnector } from 'undici';

/** The way to an origin that a tenant named. A refused one is an error of each connection, with the code `OUTBOUND_FORBIDDEN`. */
export type ConnectTo = (target: { readonly url: string; readonly connectMs: number }) => buildConnector.connector;

/** No way at all. */
export const connectToNothing: ConnectTo = () => (_options, callback) =>
  queueMicrotask(() => callback(Object.assign(new Error('no way out'), { code: 'OUTBOUND_FORBIDDEN' }), null));
