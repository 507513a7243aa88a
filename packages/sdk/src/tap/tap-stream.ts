import type { Exchange } from "./exchange.ts";

type Read = () => Promise<ReadableStreamReadResult<Uint8Array>>;

const watched = new WeakSet<object>();

// A stream that the program dropped in the middle, without cancelling it.
const dropped = new FinalizationRegistry<Exchange>((exchange) => exchange.abandon());

/**
 * Watches a body while the program reads it: same stream, same readers, same pieces, at the
 * program's own pace. Only what is handed out is seen; nothing is read ahead and nothing is
 * kept twice. Whole-stream hand-overs (`tee`, `pipeTo`, `pipeThrough`), which read past
 * JavaScript, get a stream in between that asks for a piece when it is asked for one.
 */
export function tapStream(stream: ReadableStream<Uint8Array>, exchange: Exchange): void {
  if (watched.has(stream)) return;
  watched.add(stream);
  let mine = false;
  // The first stream that is read tells; a clone read beside it would tell the same again.
  const claim = (): boolean => {
    if (exchange.claimed) return mine;
    exchange.claimed = true;
    mine = true;
    dropped.register(stream, exchange);
    return true;
  };
  const getReader = stream.getReader.bind(stream) as (options?: unknown) => ReadableStreamDefaultReader<Uint8Array>;
  own(stream, "getReader", (options?: unknown) => {
    const reader = getReader(options);
    if (claim()) tapReader(reader, exchange);
    return reader;
  });
  const values = stream.values.bind(stream);
  const iterate = (options?: { readonly preventCancel?: boolean }): unknown => {
    const iterator = values(options);
    if (claim()) tapIterator(iterator, exchange);
    return iterator;
  };
  own(stream, "values", iterate);
  own(stream, Symbol.asyncIterator, iterate);
  const cancel = stream.cancel.bind(stream);
  own(stream, "cancel", (reason?: unknown) => {
    if (!stream.locked) exchange.abandon();
    return cancel(reason);
  });
  for (const name of ["tee", "pipeTo", "pipeThrough"] as const) {
    own(stream, name, (...values_: unknown[]) => {
      const between = passThrough(stream);
      return Reflect.apply(Reflect.get(between, name) as (...given: unknown[]) => unknown, between, values_);
    });
  }
}

function tapReader(reader: ReadableStreamDefaultReader<Uint8Array>, exchange: Exchange): void {
  const read = reader.read.bind(reader) as (...options: unknown[]) => ReturnType<Read>;
  own(reader, "read", (...options: unknown[]) => observe(read(...options), exchange));
  const cancel = reader.cancel.bind(reader);
  own(reader, "cancel", (reason?: unknown) => {
    exchange.abandon();
    return cancel(reason);
  });
}

function tapIterator(iterator: AsyncIterator<Uint8Array, unknown>, exchange: Exchange): void {
  const next = iterator.next.bind(iterator) as Read;
  own(iterator, "next", () => observe(next(), exchange));
  const stop = iterator.return?.bind(iterator);
  if (stop === undefined) return;
  own(iterator, "return", (value?: unknown) => {
    exchange.abandon();
    return stop(value);
  });
}

function observe(step: ReturnType<Read>, exchange: Exchange): ReturnType<Read> {
  return step.then(
    (result) => {
      if (result.value !== undefined) exchange.received(result.value);
      if (result.done) exchange.end("complete");
      return result;
    },
    (error: unknown) => {
      exchange.fail(error);
      throw error;
    },
  );
}

function passThrough(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream<Uint8Array>(
    {
      type: "bytes",
      async pull(controller) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        controller.close();
        // A reader that brings its own buffer waits for an answer also at the end.
        (controller as { byobRequest?: { respond(bytes: number): void } | null }).byobRequest?.respond(0);
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function own(target: object, name: string | symbol, value: unknown): void {
  Reflect.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}
