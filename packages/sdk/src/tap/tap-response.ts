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
  const body = bodyOf(response);
  if (body === null) return exchange.end("complete");
  Object.defineProperties(response, OVERRIDES);
  Object.defineProperty(response, EXCHANGE, { value: exchange });
  unread.register(response, exchange);
}

const bodyGetter = Object.getOwnPropertyDescriptor(Response.prototype, "body")?.get;

function bodyOf(response: Response): ReadableStream<Uint8Array> | null {
  return (
    bodyGetter === undefined ? null : Reflect.apply(bodyGetter, response, [])
  ) as ReadableStream<Uint8Array> | null;
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

const { text, arrayBuffer, blob, bytes, formData, clone } = Response.prototype;

const readText = whole(text, (exchange, content) => exchange.response.setText(content));

const READERS = {
  text: readText,
  // What `Response.json` does by its definition: decode as UTF-8, then parse.
  json(this: TappedResponse): Promise<unknown> {
    return readText.call(this).then((content) => JSON.parse(content) as unknown);
  },
  arrayBuffer: whole(arrayBuffer, (exchange, content) => exchange.received(new Uint8Array(content))),
  bytes: whole(bytes, (exchange, content) => exchange.received(content)),
  blob: whole(blob, () => {}),
  formData: whole(formData, () => {}),
  clone(this: TappedResponse): Response {
    const copy = clone.call(this);
    Object.defineProperties(copy, OVERRIDES);
    Object.defineProperty(copy, EXCHANGE, { value: this[EXCHANGE] });
    return copy;
  },
};

const OVERRIDES: PropertyDescriptorMap = {
  body: {
    configurable: true,
    enumerable: false,
    get(this: TappedResponse): ReadableStream<Uint8Array> | null {
      const stream = bodyOf(this);
      if (stream !== null) tapStream(stream, this[EXCHANGE]);
      return stream;
    },
  },
};
for (const [name, value] of Object.entries(READERS)) {
  OVERRIDES[name] = { value, writable: true, configurable: true, enumerable: false };
}
