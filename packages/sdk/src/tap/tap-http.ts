import { errorMonitor } from "node:events";
import type { ClientRequest, IncomingMessage } from "node:http";
import { debug, messageOf } from "../diagnostics.ts";
import { field } from "../json/read-json.ts";
import { currentScope, runtime } from "../runtime.ts";
import { subscribe, unsubscribe } from "./channel.ts";
import { Exchange, wireFor } from "./exchange.ts";
import { watchPushed, watchWritten } from "./node-streams.ts";
import { contextFor } from "./propagate.ts";
import { readRequestHeaders } from "./request-headers.ts";
import { watchLeaving, watchReset } from "./watch-leaving.ts";

const CREATED = "http.client.request.created";

/**
 * Watches requests of node:http and node:https, by which older clients speak (openai 4 with
 * node-fetch, axios). The request and the answer stay the objects they are; what is written to
 * the one and what the other hands out is seen on its way.
 */
export function tapHttp(): () => void {
  const listener = (message: unknown): void => {
    const request = field(message, "request");
    if (runtime.pipeline === undefined || !isClientRequest(request)) return;
    try {
      begin(request);
    } catch (error) {
      debug(`A request of node:http could not be watched: ${messageOf(error)}`);
    }
  };
  subscribe(CREATED, listener);
  return () => unsubscribe(CREATED, listener);
}

/** The channel tells of nothing else; asking for the class would load node:http into every program. */
function isClientRequest(value: unknown): value is ClientRequest {
  return typeof value === "object" && value !== null && "getHeader" in value && "path" in value;
}

function begin(request: ClientRequest): void {
  const [path = ""] = request.path.split("?");
  const header = request.getHeader("host");
  const authority = `${request.protocol}//${typeof header === "string" ? header : request.host}`;
  if (!URL.canParse(authority)) return;
  const { hostname, port } = new URL(authority);
  const fallback = request.protocol === "https:" ? 443 : 80;
  const told = { method: request.method, host: hostname, port: port === "" ? fallback : Number(port), path };
  const wire = wireFor(runtime.pipeline, told);
  if (wire === undefined) return propagate(request, hostname, undefined);
  const exchange = new Exchange(wire, told);
  propagate(request, hostname, exchange);
  exchange.encoded = true;
  exchange.claimed = true;
  watchWritten(request, exchange);
  // Before the program's own, which are gone when they were called once.
  request.prependOnceListener("response", (response: IncomingMessage) => {
    watchAnswer(response, exchange);
    // Without a listener Node throws the answer away unread; ours must not change that.
    if (request.listenerCount("response") === 0) response.resume();
  });
  readRequestHeaders({ get: (name) => request.getHeader(name) }, exchange);
  watchLeaving(request, exchange);
  request.once(errorMonitor, (error) => exchange.fail(error));
  request.once("close", () => {
    if (exchange.status === undefined) exchange.end("aborted");
  });
}

function propagate(request: ClientRequest, host: string, exchange: Exchange | undefined): void {
  if (request.headersSent || currentScope()?.tapped === true) return;
  const context = contextFor(host, exchange?.span, exchange !== undefined);
  for (const [name, value] of Object.entries(context ?? {})) {
    if (!request.hasHeader(name)) request.setHeader(name, value);
  }
}

function watchAnswer(response: IncomingMessage, exchange: Exchange): void {
  const headers = response.headers;
  exchange.responded(response.statusCode ?? 0, {
    get: (name) => {
      const value = headers[name];
      return typeof value === "string" ? value : null;
    },
  });
  watchPushed(response, exchange);
  watchReset(response, exchange);
  response.once("end", () => exchange.end("complete"));
  response.once(errorMonitor, (error) => exchange.fail(error));
  response.once("close", () => {
    if (response.complete) exchange.end("complete");
    else exchange.abandon();
  });
}
