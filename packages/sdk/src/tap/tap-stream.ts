import { boundMethod, replaceMethod } from "../replace-method.ts";
import type { Exchange } from "./exchange.ts";

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
  for (const name of ["getReader", "values", Symbol.asyncIterator]) {
    replaceMethod(stream, name, (method) => (...values) => {
      const reader = method(...values);
      if (typeof reader === "object" && reader !== null && claim()) tapReader(reader, exchange);
      return reader;
    });
  }
  replaceMethod(stream, "cancel", (cancel) => (...values) => {
    if (!stream.locked) exchange.abandon();
    return cancel(...values);
  });
  for (const name of ["tee", "pipeTo", "pipeThrough"]) {
    replaceMethod(
      stream,
      name,
      () =>
        (...values) =>
          boundMethod(passThrough(stream), name)?.(...values),
    );
  }
}

interface Step {
  readonly done?: boolean;
  readonly value?: unknown;
}

/** Watches a reader, or an iterator, which reads under other names. */
function tapReader(reader: object, exchange: Exchange): void {
  // Made once for each reader and not for each piece: a stream has hundreds.
  const received = (result: Step): Step => {
    const { value } = result;
    if (value instanceof Uint8Array) exchange.received(value);
    // Of another realm, as where edge functions are run in Node.
    else if (ArrayBuffer.isView(value))
      exchange.received(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    if (result.done === true) exchange.end("complete");
    return result;
  };
  const failed = (error: unknown): never => {
    exchange.fail(error);
    throw error;
  };
  const observe = (step: unknown): unknown => {
    if (step instanceof Promise) return step.then(received, failed);
    const isPromise = typeof step === "object" && step !== null && "then" in step;
    return isPromise ? boundMethod(step, "then")?.(received, failed) : step;
  };
  for (const name of ["read", "next"]) {
    replaceMethod(
      reader,
      name,
      (read) =>
        (...values) =>
          observe(read(...values)),
    );
  }
  for (const name of ["cancel", "return"]) {
    replaceMethod(reader, name, (stop) => (...values) => {
      exchange.abandon();
      return stop(...values);
    });
  }
}

function passThrough(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  return new ReadableStream(
    {
      // What is read goes out as it came, so that reading into one's own buffer works too.
      type: "bytes",
      async pull(controller: ReadableByteStreamController) {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(new Uint8Array(value));
        controller.close();
        if ("byobRequest" in controller) respondWithNothing(controller.byobRequest);
      },
      cancel: (reason: unknown) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

/** A reader that brought its own buffer waits for an answer also at the end. */
function respondWithNothing(request: unknown): void {
  if (typeof request === "object" && request !== null) boundMethod(request, "respond")?.(0);
}
