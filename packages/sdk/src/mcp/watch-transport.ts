import { debug, messageOf } from "../diagnostics.ts";
import { field, recordOf, textField } from "../json/read-json.ts";
import { type Method, replaceMethod } from "../replace-method.ts";
import { runtime } from "../runtime.ts";
import { currentContext, extract, runWith } from "../span/run-with.ts";
import { CLIENT, type McpConnection, McpSpan, SERVER } from "./mcp-span.ts";

/** How to watch. */
export interface WatchMcpOptions {
  /**
   * Whether requests carry the context of their span in `params._meta` (`traceparent`, `tracestate`,
   * `baggage`), so that the spans of the other side stand below them. Default true. It is the one thing
   * that the other side could see of the watching.
   */
  readonly propagate?: boolean;
}

/** Spans of one direction that wait for their answers; ids are the requester's. */
type Pending = Map<unknown, McpSpan>;

const CANCELLED = "notifications/cancelled";
const watched = new WeakSet<object>();

/**
 * Watches an MCP transport at its public seam: `send` is what leaves, `onmessage` what comes. Requests of
 * either side become spans, whichever transport carries them. Messages are handed on as they are, but for `_meta`.
 */
export function watchTransport(transport: object, options: WatchMcpOptions): void {
  if (watched.has(transport)) return;
  watched.add(transport);
  const watcher = new Watcher(transport, options.propagate !== false);
  replaceMethod(
    transport,
    "send",
    (send) =>
      (message, ...rest) =>
        watcher.send(message, (told) => send(told, ...rest)),
  );
  wrapCallback(
    transport,
    "onmessage",
    (handle) =>
      (message, ...rest) =>
        watcher.receive(message, () => handle(message, ...rest)),
  );
  wrapCallback(transport, "onclose", (handle) => (...values) => {
    watcher.closed();
    return handle(...values);
  });
}

class Watcher {
  readonly #transport: object;
  readonly #propagates: boolean;
  readonly #asked: Pending = new Map();
  readonly #asking: Pending = new Map();
  #protocolVersion: string | undefined;

  constructor(transport: object, propagates: boolean) {
    this.#transport = transport;
    this.#propagates = propagates;
  }

  send(message: unknown, send: (message: unknown) => unknown): unknown {
    if (runtime.pipeline === undefined) return send(message);
    const told = isRequest(message) ? this.#begin(CLIENT, message) : undefined;
    if (told === undefined) {
      this.#answer(this.#asked, message);
      if (textField(message, "method") === CANCELLED) this.#cancelled(this.#asking, message);
      return send(message);
    }
    const sent = runtime.storage.run(told.scope, () => send(this.#propagates ? withContext(message) : message));
    if (sent instanceof Promise) {
      sent.then(undefined, (error: unknown) => {
        told.fail(error instanceof Error ? error.name : "send", messageOf(error));
        if (this.#asking.get(field(message, "id")) === told) this.#asking.delete(field(message, "id"));
      });
    }
    return sent;
  }

  receive(message: unknown, handle: () => unknown): unknown {
    if (runtime.pipeline === undefined) return handle();
    if (isRequest(message)) {
      const context = extract(recordOf(field(field(message, "params"), "_meta")) as Record<string, string> | undefined);
      const told = runWith(context, () => this.#begin(SERVER, message));
      return told === undefined ? handle() : runtime.storage.run(told.scope, handle);
    }
    this.#answer(this.#asking, message);
    if (textField(message, "method") === CANCELLED) this.#cancelled(this.#asked, message);
    return handle();
  }

  closed(): void {
    for (const pending of [this.#asking, this.#asked]) {
      for (const told of pending.values()) told.fail("connection_closed", "The connection was closed.", "cut");
      pending.clear();
    }
  }

  #begin(kind: typeof CLIENT | typeof SERVER, message: unknown): McpSpan | undefined {
    try {
      const pending = kind === CLIENT ? this.#asking : this.#asked;
      const id = field(message, "id");
      pending.get(id)?.abandon();
      const told = new McpSpan(kind, message, this.#connection());
      pending.set(id, told);
      return told;
    } catch (error) {
      debug(`A request of MCP was not understood: ${messageOf(error)}`);
      return undefined;
    }
  }

  #answer(pending: Pending, message: unknown): void {
    const id = field(message, "id");
    const told = id === undefined ? undefined : pending.get(id);
    if (told === undefined) return;
    pending.delete(id);
    if (told.method === "initialize") this.#protocolVersion = textField(field(message, "result"), "protocolVersion");
    told.answered(message);
  }

  #cancelled(pending: Pending, message: unknown): void {
    const params = field(message, "params");
    const id = field(params, "requestId");
    const reason = textField(params, "reason") ?? "";
    // As the SDK says it; whoever cancels gives a reason of their own.
    const isTimeout = /timed out|timeout/i.test(reason);
    pending.get(id)?.fail(isTimeout ? "timeout" : "cancelled", reason, isTimeout ? "timeout" : "aborted");
    pending.delete(id);
  }

  #connection(): McpConnection {
    return {
      sessionId: Reflect.get(this.#transport, "sessionId"),
      protocolVersion: this.#protocolVersion,
      transport: carrierOf(this.#transport),
    };
  }
}

function isRequest(message: unknown): boolean {
  return textField(message, "method") !== undefined && field(message, "id") !== undefined;
}

/** A copy with the context of the active span, in the places of the original; what the program put there stays. */
function withContext(message: unknown): unknown {
  const params = recordOf(field(message, "params"));
  const meta = recordOf(params?.["_meta"]);
  if (meta?.["traceparent"] !== undefined) return message;
  return { ...recordOf(message), params: { ...params, _meta: { ...meta, ...currentContext() } } };
}

/** The transports of the SDK by what they hold; others say nothing of their carrier. */
function carrierOf(transport: object): "pipe" | "tcp" | undefined {
  if ("_stdin" in transport || "_serverParams" in transport) return "pipe";
  return "_url" in transport || "handleRequest" in transport || "_endpoint" in transport ? "tcp" : undefined;
}

/**
 * Puts `make` around the function that is, or will be, in this property of one object. The
 * object keeps its own way of holding it, where its class has one.
 */
function wrapCallback(target: object, name: string, make: (callback: Method) => Method): void {
  const inherited = accessorOf(target, name);
  const existing: unknown = Reflect.get(target, name);
  let current: unknown;
  Reflect.defineProperty(target, name, {
    configurable: true,
    enumerable: true,
    get: () => (inherited?.get === undefined ? current : Reflect.apply(inherited.get, target, [])),
    set: (value: unknown) => {
      current = typeof value === "function" ? make((...values) => Reflect.apply(value, target, values)) : value;
      if (inherited?.set !== undefined) Reflect.apply(inherited.set, target, [current]);
    },
  });
  if (typeof existing === "function") Reflect.set(target, name, existing);
}

function accessorOf(target: object, name: string): PropertyDescriptor | undefined {
  let holder: object | null = Reflect.getPrototypeOf(target);
  while (holder !== null) {
    const descriptor = Reflect.getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) return descriptor.set === undefined ? undefined : descriptor;
    holder = Reflect.getPrototypeOf(holder);
  }
  return undefined;
}
