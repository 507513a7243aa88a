import { errorMonitor } from "node:events";
import type { ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { debug, messageOf } from "../diagnostics.ts";
import { field, textField } from "../json/read-json.ts";
import { replaceMethod } from "../replace-method.ts";
import { runtime } from "../runtime.ts";
import { subscribe, unsubscribe } from "./channel.ts";
import { Exchange, wireFor } from "./exchange.ts";
import { watchPushed, watchWritten } from "./node-streams.ts";
import { readRequestHeaders } from "./request-headers.ts";

const CREATED = "http2.client.stream.created";

/**
 * Watches requests of node:http2, by which the clients of AWS speak to Bedrock. Node tells of them from
 * 22.17 and 24.2 on. The stream stays the object it is; what is written to it and what it hands out is
 * seen on its way.
 */
export function tapHttp2(): () => void {
  const listener = (message: unknown): void => {
    const stream = field(message, "stream");
    if (runtime.pipeline === undefined || !isStream(stream)) return;
    try {
      begin(stream, field(message, "headers"));
    } catch (error) {
      debug(`A request of node:http2 could not be watched: ${messageOf(error)}`);
    }
  };
  subscribe(CREATED, listener);
  return () => unsubscribe(CREATED, listener);
}

/** The channel tells of nothing else; asking for the class would load node:http2 into every program. */
function isStream(value: unknown): value is ClientHttp2Stream {
  return typeof value === "object" && value !== null && "session" in value && "rstCode" in value;
}

function begin(stream: ClientHttp2Stream, headers: unknown): void {
  const method = textField(headers, ":method") ?? "GET";
  const [path = ""] = (textField(headers, ":path") ?? "").split("?");
  const secure = textField(headers, ":scheme") !== "http";
  const authority = `${secure ? "https" : "http"}://${textField(headers, ":authority") ?? ""}`;
  if (!URL.canParse(authority)) return;
  const { hostname, port } = new URL(authority);
  const told = { method, host: hostname, port: port === "" ? (secure ? 443 : 80) : Number(port), path };
  const wire = wireFor(runtime.pipeline, told);
  if (wire === undefined) return;
  const exchange = new Exchange(wire, told);
  exchange.encoded = true;
  exchange.claimed = true;
  readRequestHeaders({ get: (name) => field(headers, name) }, exchange);
  watchWritten(stream, exchange);
  watchPushed(stream, exchange);
  stream.once("response", (response: IncomingHttpHeaders & { readonly ":status"?: number }) => {
    exchange.responded(response[":status"] ?? 0, {
      get: (name) => textField(response, name) ?? textField(trailers, name) ?? null,
    });
  });
  // How a call of gRPC went stands behind its answer.
  let trailers: unknown;
  stream.once("trailers", (told: unknown) => (trailers = told));
  watchEnd(stream, exchange);
}

/**
 * A stream ends by itself, by an error, or because one of the two sides leaves. All of them look much the
 * same from its events: who left is seen by who called `close` or `destroy`, and Node calls them too when
 * the connection is gone.
 */
function watchEnd(stream: ClientHttp2Stream, exchange: Exchange): void {
  let isLate = false;
  stream.once("timeout", () => (isLate = true));
  for (const name of ["close", "destroy"]) {
    replaceMethod(stream, name, (method) => (...values) => {
      if (!exchange.ended && !stream.closed && isConnected(stream)) leave(exchange, isLate, values[0]);
      return method(...values);
    });
  }
  stream.once("end", () => exchange.end("complete"));
  stream.once(errorMonitor, (error) => exchange.fail(error));
  stream.once("close", () => {
    const hasFailed = exchange.status !== undefined && exchange.status >= 400;
    exchange.end(exchange.status === undefined ? "failed" : hasFailed ? "complete" : "cut");
  });
}

/** The program went away, before or in the middle of the answer. */
function leave(exchange: Exchange, isLate: boolean, error: unknown): void {
  if (error instanceof Error) exchange.fail(error);
  else if (isLate) exchange.end("timeout");
  else if (exchange.status === undefined) exchange.end("aborted");
  else exchange.abandon();
}

function isConnected({ session }: ClientHttp2Stream): boolean {
  try {
    return session !== undefined && !session.socket.destroyed;
  } catch {
    // A session without a socket does not let one ask.
    return false;
  }
}
