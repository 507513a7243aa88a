import { debug, messageOf } from "../diagnostics.ts";
import { currentScope, runtime, type Scope } from "../runtime.ts";
import { Exchange } from "./exchange.ts";
import { formDataJson } from "./multipart-body.ts";
import { LARGEST_REQUEST, RequestBody } from "./request-body.ts";
import { contextFor } from "./propagate.ts";
import { readRequestHeaders } from "./request-headers.ts";
import { failed, tapResponse } from "./tap-response.ts";
import { Addresses, type Claim } from "./wire-of.ts";

type Fetch = typeof globalThis.fetch;
type FetchInput = Parameters<Fetch>[0];
type FetchOptions = Parameters<Fetch>[1];

/**
 * Puts a watching function in the place of the global `fetch`. Calls that no wire claims go
 * straight through. Answers with the undo function, which only acts while ours is still in place.
 */
export function tapFetch(): () => void {
  const original: unknown = globalThis.fetch;
  if (typeof original !== "function") return () => {};
  const send = original as Fetch;
  const tapped = { fetch: (input: FetchInput, init?: FetchOptions) => watch(send, input, init) }.fetch;
  Object.defineProperty(tapped, "length", { value: original.length, configurable: true });
  globalThis.fetch = tapped;
  return () => {
    if (globalThis.fetch === tapped) globalThis.fetch = send;
  };
}

function watch(send: Fetch, input: FetchInput, given: FetchOptions): Promise<Response> {
  const claim = claimOf(input, given);
  const scope = claim === undefined ? undefined : currentScope();
  const exchange = claim === undefined || scope?.tapped === true ? undefined : begin(claim, scope, input, given);
  const init = runtime.propagation === undefined ? given : withContext(input, given, exchange);
  if (exchange === undefined) return send(input, init);
  let answer: Promise<Response>;
  try {
    answer = runtime.storage.run(tappedScope(scope), send, input, init);
  } catch (error) {
    exchange.fail(error);
    throw error;
  }
  return answer.then(answered(exchange), failed(exchange));
}

const TAPPED: Scope = { span: undefined, tapped: true };

function tappedScope(scope: Scope | undefined): Scope {
  // The span of a run is no property of its own.
  return scope === undefined ? TAPPED : { ...scope, span: scope.span, tapped: true };
}

function answered(exchange: Exchange): (response: Response) => Response {
  return (response) => {
    try {
      tapResponse(response, exchange);
    } catch (error) {
      debug(`An answer could not be watched: ${messageOf(error)}`);
      exchange.end("complete");
    }
    return response;
  };
}

/** The options with headers of trace context, for hosts that are told; the program's own object stays as it is. */
function withContext(input: FetchInput, init: FetchOptions, exchange: Exchange | undefined): FetchOptions {
  try {
    const isRequest = typeof input === "object" && "url" in input;
    const { hostname } = new URL(isRequest ? input.url : String(input));
    const told = contextFor(hostname, exchange?.span, exchange !== undefined);
    if (told === undefined) return init;
    const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined));
    for (const [name, value] of Object.entries(told)) if (!headers.has(name)) headers.set(name, value);
    return { ...init, headers };
  } catch {
    // Whatever is wrong with it, fetch will say it.
    return init;
  }
}

let addresses: Addresses | undefined;

/** The wire of a request that is to be watched. */
function claimOf(input: FetchInput, init: FetchOptions): Claim | undefined {
  if (runtime.pipeline === undefined) return undefined;
  const { wires } = runtime.pipeline;
  if (addresses?.isOf(wires) !== true) addresses = new Addresses(wires);
  try {
    const isRequest = typeof input === "object" && "url" in input;
    const method = init?.method ?? (isRequest ? input.method : "GET");
    return addresses.claim(isRequest ? input.url : String(input), method);
  } catch {
    // Whatever is wrong with it, fetch will say it.
    return undefined;
  }
}

function begin(
  { wire, request }: Claim,
  scope: Scope | undefined,
  input: FetchInput,
  init: FetchOptions,
): Exchange | undefined {
  try {
    const isRequest = typeof input === "object" && "url" in input;
    const exchange = new Exchange(wire, request, scope);
    const headers = init?.headers ?? (isRequest ? input.headers : undefined);
    if (headers instanceof Headers) readRequestHeaders(headers, exchange);
    exchange.signal = init?.signal ?? (isRequest ? input.signal : undefined);
    const body: unknown = init?.body;
    if (typeof body === "string" || body instanceof Uint8Array) exchange.sent(body);
    else if (isFormData(body)) exchange.sent(formDataJson(body));
    else if (ArrayBuffer.isView(body)) exchange.sent(new Uint8Array(body.buffer, body.byteOffset, body.byteLength));
    else if (body instanceof ArrayBuffer) exchange.sent(new Uint8Array(body));
    else if (isBlob(body)) keepBlob(body, exchange);
    else if (body === undefined && isRequest && input.body !== null) keepBodyOf(input, exchange);
    return exchange;
  } catch (error) {
    debug(`A request could not be watched: ${messageOf(error)}`);
    return undefined;
  }
}

/** The global class is not asked for: that loads all of fetch. */
function isFormData(body: unknown): body is FormData {
  return Object.prototype.toString.call(body) === "[object FormData]";
}

function isBlob(body: unknown): body is Blob {
  return Object.prototype.toString.call(body) === "[object Blob]";
}

/** A blob may be read as often as one likes. */
function keepBlob(blob: Blob, exchange: Exchange): void {
  if (blob.size > LARGEST_REQUEST) return;
  blob.arrayBuffer().then(
    (bytes) => exchange.sent(new Uint8Array(bytes)),
    () => {},
  );
}

function keepBodyOf(request: Request, exchange: Exchange): void {
  // A request may be sent once only; its copy holds what is in memory already.
  const copy = request.clone();
  const body = new RequestBody();
  const keep = async (): Promise<void> => {
    for await (const piece of copy.body ?? []) body.add(piece);
    exchange.sent(body.taken());
  };
  keep().catch(() => {});
}
