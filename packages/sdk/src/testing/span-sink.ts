import { createServer, type IncomingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { type ReadSpan, readSpans } from "./read-spans.ts";

/** A POST that the sink got. */
export interface SinkRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly ReadSpan[];
}

/** An OTLP server that keeps what it is sent. */
export interface SpanSink {
  readonly endpoint: string;
  readonly requests: readonly SinkRequest[];
  readonly spans: readonly ReadSpan[];
  /** Answers for the next requests; then 200 again. `drop` ends the connection. */
  readonly answers: { readonly status: number | "drop"; readonly headers?: Record<string, string> }[];
  /** Forgets what came. */
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a sink on loopback. */
export async function startSpanSink(): Promise<SpanSink> {
  const requests: SinkRequest[] = [];
  const answers: SpanSink["answers"] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const answer = answers.shift();
      if (answer?.status === "drop") return request.socket.destroy();
      const { headers } = request;
      if (answer === undefined) {
        const body = Buffer.concat(pieces);
        const spans = readSpans(headers["content-encoding"] === "gzip" ? gunzipSync(body) : body);
        requests.push({ path: request.url ?? "", headers, spans });
      }
      response.writeHead(Number(answer?.status ?? 200), answer?.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    answers,
    get spans() {
      return requests.flatMap(({ spans }) => spans);
    },
    clear: () => void requests.splice(0),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
