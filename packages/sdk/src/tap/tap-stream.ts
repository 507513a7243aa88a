import { boundMethod, type Method, replaceMethod } from "../replace-method.ts";
import { Attached } from "./attached.ts";
import type { Exchange } from "./exchange.ts";
import { WatchingKinds } from "./watching-kinds.ts";

type Stream = ReadableStream<Uint8Array>;

/** Whether a stream is the one that tells of its call: the first that is read, as a clone read beside it would tell the same again. */
class StreamTap {
  readonly exchange: Exchange;
  #mine = false;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }

  claim(stream: Stream): boolean {
    const { exchange } = this;
    if (exchange.claimed) return this.#mine;
    exchange.claimed = true;
    this.#mine = true;
    // It may be dropped in the middle, without being cancelled.
    exchange.heldBy(stream);
    return true;
  }
}

/**
 * Watches a body while the program reads it: same stream, same readers, same pieces, at the
 * program's own pace. Only what is handed out is seen; nothing is read ahead and nothing is
 * kept twice. Whole-stream hand-overs (`tee`, `pipeTo`, `pipeThrough`), which read past
 * JavaScript, get a stream in between that asks for a piece when it is asked for one.
 */
export function tapStream(stream: Stream, exchange: Exchange): void {
  if (tapOf(stream) !== undefined) return;
  if (NAMES.some((name) => Object.hasOwn(stream, name))) {
    // Somebody else put methods onto this very stream: they are called by ours.
    Object.defineProperties(stream, makeMethods(stream));
  } else if (!kinds.watch(stream)) return;
  void new Attached(stream, new StreamTap(exchange));
}

function tapOf(stream: Stream): StreamTap | undefined {
  return Attached.to(stream) as StreamTap | undefined;
}

const READING = ["getReader", "values", Symbol.asyncIterator];
const HANDING_OVER = ["tee", "pipeTo", "pipeThrough"];
const NAMES = ["cancel", ...READING, ...HANDING_OVER];
const kinds = new WatchingKinds(makeMethods);

function makeMethods(from: object): PropertyDescriptorMap {
  const methods: [string | symbol, PropertyDescriptor][] = [];
  const replace = (
    name: string | symbol,
    make: (method: Method) => (this: Stream, ...values: unknown[]) => unknown,
  ) => {
    const method: unknown = Reflect.get(from, name);
    if (typeof method !== "function") return;
    methods.push([name, { value: make(method as Method), writable: true, configurable: true, enumerable: false }]);
  };
  for (const name of READING) {
    replace(name, (method) => {
      return function (...values) {
        const reader = Reflect.apply(method, this, values);
        const tap = tapOf(this);
        if (typeof reader === "object" && reader !== null && tap?.claim(this) === true) tapReader(reader, tap.exchange);
        return reader;
      };
    });
  }
  replace("cancel", (cancel) => {
    return function (...values) {
      if (!this.locked) tapOf(this)?.exchange.abandon();
      return Reflect.apply(cancel, this, values);
    };
  });
  for (const name of HANDING_OVER) {
    replace(name, () => {
      return function (...values) {
        return boundMethod(passThrough(this), name)?.(...values);
      };
    });
  }
  return Object.fromEntries(methods);
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
