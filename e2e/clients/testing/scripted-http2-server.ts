import { createServer, type IncomingHttpHeaders, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { jsonOf, type Reply, type Script, type ScriptedServer, type ServedRequest } from "./scripted-server.ts";

/** Between two pieces of a stream, so that each comes by itself. */
const GAP_MS = 2;

/** The scripted server for clients that speak HTTP/2 from the first byte, in plain text on loopback. */
export async function startScriptedHttp2Server(script: Script): Promise<ScriptedServer> {
  const requests: ServedRequest[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => {});
  });
  server.on("stream", (stream, headers) => {
    const pieces: Buffer[] = [];
    stream.on("data", (piece: Buffer) => pieces.push(piece));
    stream.on("error", () => {});
    stream.on("end", () => {
      const served = servedRequest(headers, Buffer.concat(pieces));
      requests.push(served);
      if (!stream.destroyed) answer(stream, script(served));
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
        for (const session of sessions) session.destroy();
      }),
  };
}

function servedRequest(all: IncomingHttpHeaders, bytes: Buffer): ServedRequest {
  const headers = Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith(":")));
  const { pathname, searchParams } = new URL(String(all[":path"]), "http://127.0.0.1");
  return { method: String(all[":method"]), path: pathname, query: searchParams, headers, bytes, body: jsonOf(bytes) };
}

function answer(stream: ServerHttp2Stream, reply: Reply): void {
  if (reply === "hang") return;
  if (reply === "drop") return stream.session?.destroy();
  const { status = 200, headers } = reply;
  if ("pieces" in reply) {
    stream.respond({ ":status": status, ...headers });
    send(stream, reply.pieces[Symbol.iterator](), reply.end ?? "well");
    return;
  }
  const isJson = reply.json !== undefined;
  const head = { ":status": status, ...(isJson ? { "content-type": "application/json" } : {}), ...headers };
  const { trailers } = reply;
  stream.respond(head, { waitForTrailers: trailers !== undefined });
  if (trailers !== undefined) stream.once("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(reply.bytes ?? (isJson ? JSON.stringify(reply.json) : ""));
}

function send(stream: ServerHttp2Stream, pieces: Iterator<string | Uint8Array>, end: "well" | "cut" | "never"): void {
  if (stream.destroyed || stream.closed) return;
  const { done, value } = pieces.next();
  if (done !== true) {
    stream.write(value);
    setTimeout(send, GAP_MS, stream, pieces, end);
  } else if (end === "well") stream.end();
  else if (end === "cut") setTimeout(() => stream.session?.destroy(), 2 * GAP_MS);
}
