// Owns: an endpoint joined to what answers it, free of any HTTP server. Not: mounting, parsing or checking (src/server/api).

import type { z } from 'zod';
import type { Caller, CallerRequest, MemberCaller } from './caller.ts';
import type { Endpoint, LeastRole, OrganizationLeastRole } from './endpoint.ts';

/** Who a handler meets: its role decides whether there is an organization, or anybody at all. */
export type CallerOf<Role extends LeastRole> = Role extends 'anonymous'
  ? Caller | null
  : Role extends OrganizationLeastRole
    ? MemberCaller
    : Caller;

/** What a handler gets: everything checked against the endpoint. */
export interface RouteInput<Who, Params, Query, Body> {
  readonly caller: Who;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** `Idempotency-Key` of a write, or null. The server repeats answers by itself; it is here for what reaches further than one answer. */
  readonly idempotencyKey: string | null;
  /** `If-Match` of a write, or null: hand it to `checkFresh`. */
  readonly ifMatch: string | null;
  /** Where the request came from, also for an anonymous one. */
  readonly request: CallerRequest;
  /** The `Cookie` header, for the routes of sign-in. */
  readonly cookie?: string | undefined;
  /** Aborted when the client leaves before it has the whole answer; for what goes on while it waits. */
  readonly signal: AbortSignal;
  /** `Last-Event-ID`: the last event that a reader of a stream had before it connected anew, or null. */
  readonly lastEventId: string | null;
}

/** The content type of a stream of events. */
export const EVENT_STREAM = 'text/event-stream';

/** One event of a stream. */
export interface StreamedEvent {
  /** Its type; left out, readers see `message`. */
  readonly event?: string;
  /** What a reader names in `Last-Event-ID` when it connects anew. */
  readonly id?: string;
  /** Sent as JSON. */
  readonly data: unknown;
}

const REPLY = Symbol('reply');

/** An answer that is more than its JSON. Made by `reply`. */
export interface Reply<Output> {
  readonly [REPLY]: true;
  readonly output: Output | undefined;
  /** Text of a file, piece by piece; the server waits for the reader between them. */
  readonly stream: AsyncIterable<string> | undefined;
  /** Events as they happen; the server waits for the reader between them. */
  readonly events: AsyncIterable<StreamedEvent> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Status in place of the endpoint's own; undefined: its own. */
  readonly status: number | undefined;
  /** Whole `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

/** What an auth library answered, to be passed on. */
export interface RelayedAnswer<Output> {
  readonly output: Output | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
}

const PLAIN = { output: undefined, stream: undefined, events: undefined, status: undefined, cookies: [] } as const;

/** Answers that are more than their JSON. */
export const reply = {
  /** JSON with its `ETag` (`entityTag(version)`), for a later `If-Match`. */
  tagged<Output>(output: Output, etag: string): Reply<Output> {
    return { [REPLY]: true, ...PLAIN, output, headers: { etag } };
  },
  /** A CSV file, streamed. The endpoint says `produces: 'text/csv'`, besides its output where it gives JSON, too. `filename` without quotes or line breaks. */
  csv(filename: string, stream: AsyncIterable<string>): Reply<never> {
    const disposition = `attachment; filename="${filename.replaceAll(/[^\w.-]/g, '_')}"`;
    return { [REPLY]: true, ...PLAIN, stream, headers: { 'content-disposition': disposition } };
  },
  /**
   * Server-sent events, each as soon as it is there and the reader took the one before, with a sign of life in between. The endpoint says `produces: EVENT_STREAM`.
   * What fails before this reply is an ordinary error; an error of the stream itself is sent as the last event, `error`, with the problem as its data. When
   * the client leaves, the input's `signal` is aborted and the iterator's `return` called: a stream that waits must end with the signal. Such an answer isn't
   * kept for its `Idempotency-Key`: what is to be done once, its handler does once.
   */
  events(stream: AsyncIterable<StreamedEvent>, headers: Readonly<Record<string, string>> = {}): Reply<undefined> {
    return { [REPLY]: true, ...PLAIN, events: stream, headers };
  },
  /** Status, headers and cookies as given: for what another library answered. */
  relayed<Output>(answer: RelayedAnswer<Output>): Reply<Output> {
    return { [REPLY]: true, ...PLAIN, ...answer };
  },
} as const;

/** Whether a handler's answer is one of `reply`'s. */
export function isReply(answer: unknown): answer is Reply<unknown> {
  return typeof answer === 'object' && answer !== null && REPLY in answer;
}

/** An endpoint with its handler; what the server mounts. The input's types are erased here and checked by the endpoint's schemas there. */
export interface Route {
  readonly endpoint: Endpoint;
  // Any caller and input fit: the server has checked them against this very endpoint.
  handle(input: RouteInput<Caller | null, unknown, unknown, unknown>): Promise<unknown>;
}

/** What a handler gives: the output, with more than that, or nothing where there is none. */
type AnswerOf<Output extends z.ZodType> =
  undefined extends z.input<Output>
    ? z.input<Output> | Reply<z.input<Output>> | undefined
    : z.input<Output> | Reply<z.input<Output>>;

/** Joins an endpoint to its handler. The handler reads top to bottom: caller, input, permission, service, reply. */
export function implement<
  Role extends LeastRole,
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
>(
  endpoint: Endpoint<Role, Params, Query, Body, Output>,
  handler: (
    input: RouteInput<CallerOf<Role>, z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<AnswerOf<Output>>,
): Route {
  if (endpoint.platform !== null)
    throw new Error(`${endpoint.operationId}: the platform asks as well, so implementForBoth`);
  return { endpoint: endpoint as unknown as Endpoint, handle: handler as Route['handle'] };
}

/** The same for an endpoint that the platform may ask as well: its handler meets a caller in an organization, or one of the platform who is in none. */
export function implementForBoth<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Output extends z.ZodType,
>(
  endpoint: Endpoint<OrganizationLeastRole, Params, Query, Body, Output>,
  handler: (input: RouteInput<Caller, z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<AnswerOf<Output>>,
): Route {
  return { endpoint: endpoint as unknown as Endpoint, handle: handler as Route['handle'] };
}
