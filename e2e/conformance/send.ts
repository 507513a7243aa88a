import { Buffer } from "node:buffer";
import { connect } from "node:http2";

/** No receiver may keep a sender waiting for longer. */
const TIMEOUT_MS = 30_000;

/** What came back over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | undefined;
  readonly body: Buffer;
}

/** Sends one request to a path of the endpoint. */
export async function post(
  endpoint: string,
  path: string,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  const response = await fetch(endpoint.replace(/\/$/, "") + path, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return {
    status: response.status,
    type: (response.headers.get("content-type") ?? "").split(";")[0] ?? "",
    retryAfter: response.headers.get("retry-after") ?? undefined,
    body: Buffer.from(await response.arrayBuffer()),
  };
}

/** How a call over gRPC ended; `status` is -1 where the connection did. */
export interface GrpcAnswer {
  readonly status: number;
  readonly message: string;
  /** Whether the details hold a `google.rpc.RetryInfo`. */
  readonly mayRetry: boolean;
}

const EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/** Exports one message of traces; `encoding` says how its bytes are compressed already. */
export async function callGrpc(endpoint: string, message: Uint8Array, encoding?: string): Promise<GrpcAnswer> {
  const session = connect(`http://${endpoint}`);
  try {
    return await new Promise<GrpcAnswer>((resolve) => {
      const fail = (error: Error): void => resolve({ status: -1, message: error.message, mayRetry: false });
      session.on("error", fail);
      const stream = session.request({
        ":method": "POST",
        ":path": EXPORT,
        "content-type": "application/grpc",
        te: "trailers",
        ...(encoding === undefined ? {} : { "grpc-encoding": encoding }),
      });
      let told: Record<string, unknown> = {};
      const note = (headers: object): void => void (told = { ...told, ...headers });
      stream.on("response", note).on("trailers", note).on("error", fail);
      stream.on("close", () => resolve(answerOf(told)));
      stream.setTimeout(TIMEOUT_MS, () => stream.close());
      stream.resume();
      const prefix = Buffer.alloc(5);
      prefix[0] = encoding === undefined ? 0 : 1;
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
  } finally {
    session.destroy();
  }
}

function answerOf(told: Readonly<Record<string, unknown>>): GrpcAnswer {
  const details = Buffer.from(String(told["grpc-status-details-bin"] ?? ""), "base64").toString("latin1");
  return {
    status: Number(told["grpc-status"] ?? -1),
    message: decodeURIComponent(String(told["grpc-message"] ?? "")),
    mayRetry: details.includes("google.rpc.RetryInfo"),
  };
}
