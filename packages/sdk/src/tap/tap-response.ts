import type { Exchange } from "./exchange.ts";
import { tapStream } from "./tap-stream.ts";

const EXCHANGE = Symbol("telltale.exchange");

interface TappedResponse extends Response {
  [EXCHANGE]: Exchange;
}

// Answers that nobody reads are told when they are thrown away. Registered by the response,
// which a stream being read may outlive: then `claimed` says that a reader will tell.
const unread = new FinalizationRegistry<Exchange>((exchange) => {
  if (!exchange.claimed) exchange.abandon();
});

/**
 * Watches an answer of fetch without taking its place: the object stays, and its reading
 * methods, called by the program when it likes, also tell what they gave.
 */
export function tapResponse(response: Response, exchange: Exchange): void {
  exchange.responded(response.status, response.headers);
  overrides ??= makeOverrides();
  if (overrides.bodyOf(response) === null) return exchange.end("complete");
  Object.defineProperties(response, overrides.properties);
  Object.defineProperty(response, EXCHANGE, { value: exchange });
  unread.register(response, exchange);
}

interface Overrides {
  readonly properties: PropertyDescriptorMap;
  bodyOf(response: Response): ReadableStream<Uint8Array> | null;
}

// Made for the first answer: only to look at `Response` loads all of fetch, which takes 15 ms.
let overrides: Overrides | undefined;

function makeOverrides(): Overrides {
  const getter = getterOf(Response.prototype, "body");
  const bodyOf = (response: Response): ReadableStream<Uint8Array> | null =>
    getter === undefined ? null : (Reflect.apply(getter, response, []) as ReadableStream<Uint8Array> | null);
  const properties: PropertyDescriptorMap = {
    body: {
      configurable: true,
      enumerable: false,
      get(this: TappedResponse) {
        const stream = bodyOf(this);
        if (stream !== null) tapStream(stream, this[EXCHANGE]);
        return stream;
      },
    },
  };
  for (const [name, value] of Object.entries(makeReaders(properties))) {
    properties[name] = { value, writable: true, configurable: true, enumerable: false };
  }
  return { properties, bodyOf };
}

/** A getter of an object or of what it is made after: workerd's answers have theirs from a class above. */
function getterOf(object: object | null, name: string): (() => unknown) | undefined {
  if (object === null) return undefined;
  const own = Object.getOwnPropertyDescriptor(object, name);
  return own === undefined ? getterOf(Object.getPrototypeOf(object), name) : own.get;
}

function makeReaders(properties: PropertyDescriptorMap): Readonly<Record<string, unknown>> {
  const { text, arrayBuffer, blob, bytes, formData, clone } = Response.prototype;
  const readText = whole(text, (exchange, content) => exchange.response.setText(content));
  return {
    text: readText,
    // What `Response.json` does by its definition: decode as UTF-8, then parse.
    json(this: TappedResponse): Promise<unknown> {
      return readText.call(this).then((content) => JSON.parse(content) as unknown);
    },
    arrayBuffer: whole(arrayBuffer, (exchange, content) => exchange.received(new Uint8Array(content))),
    bytes: whole(bytes, (exchange, content) => exchange.received(content)),
    blob: whole(blob, (exchange, content) => exchange.response.count(content.size)),
    formData: whole(formData, () => {}),
    clone(this: TappedResponse): Response {
      const copy = clone.call(this);
      Object.defineProperties(copy, properties);
      Object.defineProperty(copy, EXCHANGE, { value: this[EXCHANGE] });
      return copy;
    },
  };
}

function whole<T>(
  read: (this: Response) => Promise<T>,
  tell: (exchange: Exchange, value: T) => void,
): (this: TappedResponse) => Promise<T> {
  return function (): Promise<T> {
    const exchange = this[EXCHANGE];
    const value = read.call(this);
    if (exchange.claimed) return value;
    exchange.claimed = true;
    return value.then(
      (content) => {
        tell(exchange, content);
        exchange.end("complete");
        return content;
      },
      (error: unknown) => {
        exchange.fail(error);
        throw error;
      },
    );
  };
}
