import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";

/** What became of one POST. `retryAfterMs` only where the server told. */
export type PostResult =
  | { readonly type: "done"; readonly body: Buffer }
  | { readonly type: "retry"; readonly reason: string; readonly retryAfterMs?: number | undefined }
  | { readonly type: "refused"; readonly reason: string };

/** The statuses that OTLP/HTTP declares worth another attempt. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504]);
/** An answer is a Status or a partial success; nobody needs more of it. */
const LONGEST_ANSWER = 64 * 1024;

/** One way to one server; keeps its connection between calls. */
export interface Poster {
  post(pieces: readonly Buffer[], headers: Readonly<Record<string, string>>, timeoutMs: number): Promise<PostResult>;
  close(): void;
}

/** Opens nothing yet. `url` is http or https. */
export function createPoster(url: URL): Poster {
  const secure = url.protocol === "https:";
  // One connection: batches go one after the other.
  const agent = secure ? new HttpsAgent(AGENT_OPTIONS) : new HttpAgent(AGENT_OPTIONS);
  const send = secure ? httpsRequest : httpRequest;
  return {
    post: (pieces, headers, timeoutMs) =>
      new Promise((resolve) => {
        const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
        const request = send(url, {
          method: "POST",
          agent,
          headers: { ...headers, "content-length": length },
          signal: AbortSignal.timeout(timeoutMs),
        });
        request.on("response", (response) => void readAnswer(response).then(resolve, fail));
        const fail = (error: Error): void => resolve({ type: "retry", reason: error.message });
        request.on("error", fail);
        request.cork();
        for (const piece of pieces) request.write(piece);
        request.end();
      }),
    close: () => agent.destroy(),
  };
}

const AGENT_OPTIONS = { keepAlive: true, maxSockets: 4 };

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
