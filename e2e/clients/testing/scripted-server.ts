import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";

/** A request that the server got. */
export interface ServedRequest {
  readonly method: string;
  /** Without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
}

/**
 * What the server does: one answer; a stream of pieces (each sent by itself) that ends well, is
 * cut or never goes on; no answer at all; or the end of the connection.
 */
export type Reply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly json?: unknown;
      readonly bytes?: string | Uint8Array;
      /** By HTTP/2 only. */
      readonly trailers?: Readonly<Record<string, string>>;
    }
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly pieces: Iterable<string | Uint8Array>;
      readonly end?: "well" | "cut" | "never";
    }
  | "hang"
  | "drop";

/** Answers one request; the server stays the same for all. */
export type Script = (request: ServedRequest) => Reply;

/** A model server that is played. */
export interface ScriptedServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly requests: readonly ServedRequest[];
  stop(): Promise<void>;
}

/** Between two pieces of a stream, so that each comes by itself. */
const GAP_MS = 2;

/** Starts one on loopback. */
export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const requests: ServedRequest[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("error", () => {});
    request.on("end", () => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      const bytes = Buffer.concat(pieces);
      const { method = "GET", headers } = request;
      const served = { method, path: pathname, query: searchParams, headers, bytes, body: jsonOf(bytes) };
      requests.push(served);
      answer(response, script(served));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A body as JSON; undefined when it is none. */
export function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "drop") return void response.destroy();
  const { status = 200, headers } = reply;
  if ("pieces" in reply) {
    response.writeHead(status, headers);
    stream(response, reply.pieces[Symbol.iterator](), reply.end ?? "well");
    return;
  }
  const body = reply.bytes ?? (reply.json === undefined ? "" : JSON.stringify(reply.json));
  response.writeHead(status, {
    ...(reply.json === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  });
  response.end(body);
}

function stream(response: ServerResponse, pieces: Iterator<string | Uint8Array>, end: "well" | "cut" | "never"): void {
  if (response.destroyed) return;
  const { done, value } = pieces.next();
  if (done !== true) {
    response.write(value);
    setTimeout(stream, GAP_MS, response, pieces, end);
  } else if (end === "well") response.end();
  else if (end === "cut") setTimeout(() => response.destroy(), 2 * GAP_MS);
}

/** Pieces of a text/event-stream. */
export function* events(values: Iterable<unknown>, last?: string): Generator<string> {
  for (const value of values) yield `data: ${JSON.stringify(value)}\n\n`;
  if (last !== undefined) yield `data: ${last}\n\n`;
}

/** Pieces of a text/event-stream whose events have names: the `type` in each. */
export function* namedEvents(values: Iterable<{ readonly type: string }>): Generator<string> {
  for (const value of values) yield `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`;
}

/** The head of a text/event-stream. */
export const EVENT_STREAM: Readonly<Record<string, string>> = { "content-type": "text/event-stream; charset=utf-8" };
