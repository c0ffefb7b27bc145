// Owns: what a method of the client gives: a promise that also tells of its response, and lists that go on by themselves. Not: sending (send-request.ts).

/** What every method takes besides its own parameters. */
export interface RequestOptions {
  /** Id or slug of the organization that the request is about; in place of the client's. */
  readonly organization?: string | undefined;
  /** Ends the request, and the pauses between tries. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for each try; in place of the client's. */
  readonly timeoutMs?: number | undefined;
  /** Tries after the first; in place of the client's. */
  readonly retriesMax?: number | undefined;
  /** In place of the one that every write gets by itself. */
  readonly idempotencyKey?: string | undefined;
  /** The `etag` that was read: the change is refused (`stale`) when there is a newer version. */
  readonly ifMatch?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What there is to know of a response besides its output. */
export interface ResponseFacts {
  readonly status: number;
  readonly headers: Headers;
  readonly requestId: string | null;
  /** Version of what was answered, for `ifMatch`. */
  readonly etag: string | null;
}

/** A request under way. Await it for its output. */
export interface Call<Output> extends Promise<Output> {
  /** The output together with the facts of its response. */
  withResponse(): Promise<{ readonly output: Output; readonly response: ResponseFacts }>;
}

/** One page of a list. */
export interface Page<Item> {
  readonly data: readonly Item[];
  /** Null: that was the last. */
  readonly next_cursor: string | null;
}

/** A list under way. Await it for its first page, or go through `all()`. */
export interface PageCall<Item> extends Call<Page<Item>> {
  /** Every item of this page and those after it; each page is asked for when the one before has been read. */
  all(): AsyncGenerator<Item, void, undefined>;
  /** The same, page by page. */
  pages(): AsyncGenerator<Page<Item>, void, undefined>;
}

/** A file. Read it once: as `text()`, or piece by piece from `stream`. */
export interface FileAnswer {
  readonly filename: string | null;
  readonly contentType: string | null;
  readonly stream: ReadableStream<Uint8Array> | null;
  text(): Promise<string>;
}

/** An answer that was read. */
export interface Exchange<Output> {
  readonly output: Output;
  readonly response: ResponseFacts;
}

/** A call over an exchange. Its promise is derived when it is asked for, so that a failure that was seen is never reported as unseen. */
export function toCall<Output>(exchange: Promise<Exchange<Output>>): Call<Output> {
  const output = (): Promise<Output> => exchange.then((answer) => answer.output);
  return {
    // biome-ignore lint/suspicious/noThenProperty: a call is awaited like any promise
    then: (onDone, onFail) => output().then(onDone, onFail),
    catch: (onFail) => output().catch(onFail),
    finally: (onEnd) => output().finally(onEnd),
    withResponse: () => exchange.then(({ output: value, response }) => ({ output: value, response })),
    [Symbol.toStringTag]: 'Promise',
  };
}

/** A list over its first exchange. `next` sends the same request with another cursor. */
export function toPageCall<Item>(
  exchange: Promise<Exchange<Page<Item>>>,
  next: (cursor: string) => Promise<Exchange<Page<Item>>>,
): PageCall<Item> {
  async function* pages(): AsyncGenerator<Page<Item>, void, undefined> {
    let { output } = await exchange;
    yield output;
    while (output.next_cursor !== null) {
      ({ output } = await next(output.next_cursor));
      yield output;
    }
  }
  async function* all(): AsyncGenerator<Item, void, undefined> {
    for await (const { data } of pages()) yield* data;
  }
  return { ...toCall(exchange), pages, all };
}
