import { debug, messageOf } from "../diagnostics.ts";
import { field, listField, numberField, textField } from "../json/read-json.ts";
import { replaceMethod } from "../replace-method.ts";
import { runtime } from "../runtime.ts";
import { subscribe, unsubscribe } from "./channel.ts";
import { Exchange, wireFor } from "./exchange.ts";
import { RequestBody } from "./request-body.ts";
import { rawHeaders } from "./raw-headers.ts";

type Listener = (message: unknown) => void;

/** A request that undici tells of, and what was seen of it. */
interface Watched {
  readonly exchange: Exchange;
  readonly sent: RequestBody;
  sentPieces: number;
  received: number;
}

/**
 * Watches requests that reach undici without passing our fetch: a client that took the
 * original fetch before `initialize`, or undici's own functions. What our fetch already watches
 * carries a mark in its asynchronous context and is left alone.
 */
export function tapUndici(): () => void {
  const watched = new WeakMap<object, Watched>();
  const listeners = new Map<string, Listener>([
    ["undici:request:create", (message) => begin(watched, field(message, "request"))],
    ["undici:request:bodyChunkSent", each(watched, keepSent)],
    [
      "undici:request:bodySent",
      each(watched, ({ exchange, sent }) => {
        if (!sent.empty) exchange.sent(sent.taken());
      }),
    ],
    ["undici:request:headers", each(watched, headersCame)],
    ["undici:request:bodyChunkReceived", each(watched, keepReceived)],
    ["undici:request:trailers", each(watched, ({ exchange }) => exchange.end("complete"))],
    ["undici:request:error", each(watched, failed)],
  ]);
  for (const [name, listener] of listeners) subscribe(name, listener);
  return () => {
    for (const [name, listener] of listeners) unsubscribe(name, listener);
  };
}

function each(watched: WeakMap<object, Watched>, act: (found: Watched, message: unknown) => void): Listener {
  return (message) => {
    const request = field(message, "request");
    const found = typeof request === "object" && request !== null ? watched.get(request) : undefined;
    if (found !== undefined) act(found, message);
  };
}

function begin(watched: WeakMap<object, Watched>, request: unknown): void {
  if (runtime.pipeline === undefined || typeof request !== "object" || request === null) return;
  try {
    const origin = String(Reflect.get(request, "origin"));
    const [path = ""] = String(Reflect.get(request, "path")).split("?");
    if (!URL.canParse(origin)) return;
    const { hostname, port, protocol } = new URL(origin);
    const told = { method: String(Reflect.get(request, "method")), host: hostname, port: portOf(port, protocol), path };
    const wire = wireFor(runtime.pipeline, told);
    if (wire === undefined) return;
    const exchange = new Exchange(wire, told);
    exchange.encoded = true;
    exchange.claimed = true;
    const found: Watched = { exchange, sent: new RequestBody(), sentPieces: 0, received: 0 };
    watched.set(request, found);
    listenOn(request, found);
    const body: unknown = Reflect.get(request, "body");
    if (typeof body === "string" || body instanceof Uint8Array) exchange.sent(body);
  } catch (error) {
    debug(`A request of undici could not be watched: ${messageOf(error)}`);
  }
}

function portOf(port: string, protocol: string): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

/**
 * Before version 7.13 undici tells nothing of the pieces of bodies; there they are seen where the
 * request object is told of them. Where it does both, the telling has come first.
 */
function listenOn(request: object, found: Watched): void {
  observe(request, "onBodySent", (chunk) => {
    const before = found.sentPieces;
    return () => {
      if (found.sentPieces === before) keepSent(found, { chunk });
    };
  });
  observe(request, "onData", (chunk) => {
    const before = found.received;
    return () => {
      if (found.received === before) keepReceived(found, { chunk });
    };
  });
}

function observe(request: object, name: string, look: (value: unknown) => () => void): void {
  replaceMethod(request, name, (method) => (...values) => {
    const after = look(values[0]);
    const result = method(...values);
    after();
    return result;
  });
}

function keepSent(found: Watched, message: unknown): void {
  const chunk = field(message, "chunk");
  if (typeof chunk !== "string" && !(chunk instanceof Uint8Array)) return;
  found.sentPieces++;
  found.sent.add(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
}

function keepReceived(found: Watched, message: unknown): void {
  const chunk = field(message, "chunk");
  if (!(chunk instanceof Uint8Array)) return;
  found.received += chunk.length;
  found.exchange.received(chunk);
}

function headersCame({ exchange }: Watched, message: unknown): void {
  const response = field(message, "response");
  const status = numberField(response, "statusCode");
  if (status !== undefined && status >= 200) exchange.responded(status, rawHeaders(listField(response, "headers")));
}

function failed({ exchange }: Watched, message: unknown): void {
  const error = field(message, "error");
  // All that undici fails with are errors: anything else is what a program gave as the reason of its signal.
  if (!(error instanceof Error)) exchange.reason = error;
  // A reader that stops early makes fetch end the connection in this way.
  if (exchange.status !== undefined && textField(error, "name") === "AbortError") exchange.end("aborted", error);
  else exchange.fail(error);
}
