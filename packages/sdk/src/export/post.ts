import type { Agent, IncomingMessage, request } from "node:http";

/** What became of one POST. `retryAfterMs` only where the server told. */
export type PostResult =
  | { readonly type: "done"; readonly body: Buffer }
  | { readonly type: "retry"; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly type: "refused"; readonly reason: string };

/** The statuses that OTLP/HTTP declares worth another attempt. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** An answer is a Status or a partial success; nobody needs more of it. */
const LONGEST_ANSWER = 64 * 1024;
/** Batches go one after the other; a few more for those whose time ran out. */
const MAX_SOCKETS = 4;

/** One way to one server; keeps its connection between calls. */
export interface Poster {
  post(pieces: readonly Buffer[], headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<PostResult>;
  close(): void;
}

interface Transport {
  readonly agent: Agent;
  readonly send: typeof request;
}

/** Loads node:http when there is something to send: it takes 20 ms, which no start-up should wait for. */
async function openTransport(secure: boolean): Promise<Transport> {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
  if (secure) {
    const https = await import("node:https");
    return { agent: new https.Agent(options), send: https.request };
  }
  const http = await import("node:http");
  return { agent: new http.Agent(options), send: http.request };
}

/** Opens nothing yet. `url` is http or https. */
export function createPoster(url: URL): Poster {
  let transport: Promise<Transport> | undefined;
  return {
    async post(pieces, headers, timeoutMs) {
      transport ??= openTransport(url.protocol === "https:");
      const { agent, send } = await transport;
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      return new Promise((resolve) => {
        const fail = (error: Error): void => resolve({ type: "retry", reason: error.message });
        const sent = send(url, {
          method: "POST",
          agent,
          headers: { ...headers, "content-length": length },
          signal: AbortSignal.timeout(timeoutMs),
        });
        sent.on("response", (response) => void readAnswer(response).then(resolve, fail));
        sent.on("error", fail);
        sent.cork();
        for (const piece of pieces) sent.write(piece);
        sent.end();
      });
    },
    close: () => void transport?.then(({ agent }) => agent.destroy()),
  };
}

async function readAnswer(response: IncomingMessage): Promise<PostResult> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    if (length < LONGEST_ANSWER) pieces.push(piece);
    length += piece.length;
  }
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return { type: "done", body: Buffer.concat(pieces) };
  if (!RETRYABLE.has(status)) return { type: "refused", reason: `HTTP status ${status}` };
  return { type: "retry", reason: `HTTP status ${status}`, retryAfterMs: retryAfter(response.headers["retry-after"]) };
}

/** Seconds or an HTTP date, as milliseconds from now. */
export function retryAfter(header: string | undefined, now: number = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  if (header.trim() !== "" && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
