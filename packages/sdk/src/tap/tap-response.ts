import { Attached } from "./attached.ts";
import type { Exchange } from "./exchange.ts";
import { tapStream } from "./tap-stream.ts";
import { WatchingKinds } from "./watching-kinds.ts";

/**
 * Watches an answer of fetch without taking its place: the object stays, and its reading
 * methods, called by the program when it likes, also tell what they gave.
 */
export function tapResponse(response: Response, exchange: Exchange): void {
  exchange.responded(response.status, response.headers);
  const isKnown = exchangeOf(response) !== undefined;
  if (isKnown || response.body === null || !kinds.watch(response)) return exchange.end("complete");
  void new Attached(response, exchange);
  exchange.heldBy(response);
}

const kinds = new WatchingKinds(makeMethods);

/** Undefined for what is no answer of fetch: a program may have put anything in the place of that. */
function makeMethods(kind: object): PropertyDescriptorMap | undefined {
  const bodyOf = getterOf(kind, "body");
  if (bodyOf === undefined) return undefined;
  const body = {
    configurable: true,
    enumerable: false,
    get(this: Response): unknown {
      const stream: unknown = Reflect.apply(bodyOf, this, []);
      const exchange = exchangeOf(this);
      // Of another realm too, as where edge functions are run in Node.
      const isStream = typeof stream === "object" && stream !== null;
      if (isStream && exchange !== undefined) tapStream(stream as ReadableStream<Uint8Array>, exchange);
      return stream;
    },
  };
  const methods: PropertyDescriptorMap = { body };
  for (const [name, value] of Object.entries(makeReaders(kind as Response))) {
    methods[name] = { value, writable: true, configurable: true, enumerable: false };
  }
  return methods;
}

function exchangeOf(response: Response): Exchange | undefined {
  return Attached.to(response) as Exchange | undefined;
}

/** A getter of an object or of what it is made after: workerd's answers have theirs from a class above. */
function getterOf(object: object | null, name: string): (() => unknown) | undefined {
  if (object === null) return undefined;
  const own = Object.getOwnPropertyDescriptor(object, name);
  return own === undefined ? getterOf(Reflect.getPrototypeOf(object), name) : own.get;
}

function makeReaders({ text, arrayBuffer, blob, bytes, formData, clone }: Response): Readonly<Record<string, unknown>> {
  const setText = (exchange: Exchange, content: string): void => exchange.response.setText(content);
  return {
    text: whole(text, setText, itself),
    // What `Response.json` does by its definition: decode as UTF-8, then parse.
    json: whole(text, setText, (content) => JSON.parse(content) as unknown),
    arrayBuffer: whole(arrayBuffer, (exchange, content) => exchange.received(new Uint8Array(content)), itself),
    bytes: whole(bytes, (exchange, content) => exchange.received(content), itself),
    blob: whole(blob, (exchange, content) => exchange.response.count(content.size), itself),
    formData: whole(formData, () => {}, itself),
    clone(this: Response): Response {
      const copy = clone.call(this);
      const exchange = exchangeOf(this);
      if (exchange !== undefined && kinds.watch(copy)) void new Attached(copy, exchange);
      return copy;
    },
  };
}

function itself<T>(content: T): T {
  return content;
}

/** A method that gives the program what `make` makes of a whole answer. */
function whole<T, R>(
  read: (this: Response) => Promise<T>,
  tell: (exchange: Exchange, content: T) => void,
  make: (content: T) => R,
): (this: Response) => Promise<R> {
  return function (): Promise<R> {
    const exchange = exchangeOf(this);
    if (exchange === undefined || exchange.claimed) return read.call(this).then(make);
    // Before it is read: where a body was looked at, the reading below would find the stream watched, and tell the same.
    exchange.claimed = true;
    exchange.heldBy(undefined);
    return read.call(this).then((content) => {
      tell(exchange, content);
      exchange.end("complete");
      return make(content);
    }, failed(exchange));
  };
}

/** What is to be done when a promise of the call fails. */
export function failed(exchange: Exchange): (error: unknown) => never {
  return (error) => {
    exchange.fail(error);
    throw error;
  };
}
