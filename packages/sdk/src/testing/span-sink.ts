import { createServer, type IncomingHttpHeaders } from "node:http";
import { gunzipSync } from "node:zlib";
import { type ReadSpan, readSpans } from "./read-spans.ts";

/** A POST that the sink got. */
export interface SinkRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly spans: readonly ReadSpan[];
  /** As it came, unzipped. */
  readonly body: Buffer;
}

/** What the sink does with a request. */
export interface SinkAnswer {
  /** `drop` ends the connection, `silence` never answers. */
  readonly status: number | "drop" | "silence";
  readonly headers?: Record<string, string>;
  readonly body?: Buffer | string;
  /** Whether the request counts as taken; else only without a status of its own. */
  readonly take?: boolean;
}

/** An OTLP server that keeps what it is sent. */
export interface SpanSink {
  readonly endpoint: string;
  readonly requests: readonly SinkRequest[];
  readonly spans: readonly ReadSpan[];
  /** Requests with metrics that were taken. */
  readonly metrics: readonly SinkRequest[];
  /** Requests that came, whatever they were answered. */
  readonly attempts: number;
  /** Answers for the next requests; then 200 again, or what `rule` says. */
  readonly answers: SinkAnswer[];
  /** Decides by the request, before `answers`; undefined leaves it to them. */
  rule: ((body: Buffer) => SinkAnswer | undefined) | undefined;
  /** Forgets what came. */
  clear(): void;
  stop(): Promise<void>;
}

/** Starts a sink on loopback, at a port of its own or the one given. */
export async function startSpanSink(port = 0): Promise<SpanSink> {
  const requests: SinkRequest[] = [];
  const answers: SinkAnswer[] = [];
  let attempts = 0;
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      attempts++;
      const { headers, url = "" } = request;
      const sent = Buffer.concat(pieces);
      const body = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
      const answer = sink.rule?.(body) ?? answers.shift();
      if (answer?.status === "silence") return undefined;
      if (answer?.status === "drop") return request.socket.destroy();
      if (answer === undefined || answer.take === true) {
        const readable = url.endsWith("/v1/traces") && headers["content-type"] === "application/x-protobuf";
        requests.push({ path: url, headers, spans: readable ? readSpans(body) : [], body });
      }
      return response.writeHead(answer?.status ?? 200, answer?.headers).end(answer?.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  const sink: SpanSink = {
    endpoint: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`,
    answers,
    rule: undefined,
    get requests() {
      return requests.filter(({ path }) => !path.endsWith("/v1/metrics"));
    },
    get metrics() {
      return requests.filter(({ path }) => path.endsWith("/v1/metrics"));
    },
    get attempts() {
      return attempts;
    },
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
  return sink;
}
