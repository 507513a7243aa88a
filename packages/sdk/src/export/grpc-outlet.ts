import { messageOf } from "../diagnostics.ts";
import type { TlsFiles } from "./outlet-options.ts";
import type { OtlpRequest, Signal } from "./otlp-request.ts";
import type { Answer, Outlet } from "./outlet.ts";
import { partialSuccessOf, retryInfoOf } from "./read-answer.ts";
import { readTlsFiles } from "./read-tls-files.ts";

/** Named by a variable, so that no bundler looks for a package that is there by choice. */
const PACKAGE: string = "@grpc/grpc-js";

const METHODS: Readonly<Record<Signal, string>> = {
  traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
};

/** Status codes by which OTLP/gRPC asks for another attempt; RESOURCE_EXHAUSTED (8) only with RetryInfo. */
const RETRYABLE: ReadonlySet<number> = new Set([1, 4, 10, 11, 14, 15]);
const RESOURCE_EXHAUSTED = 8;
/** In the details of UNAVAILABLE: nothing left this machine. */
const NOT_CONNECTED = /No connection established|ECONNREFUSED|Name resolution failed/;
/** grpc-js: the message on the wire is larger than the receiver allows. */
const TOO_LARGE = /larger than max/;
const GZIP = 2;

/** What is used of @grpc/grpc-js 1.x; the package is the program's own. */
interface Grpc {
  readonly Metadata: new () => { set(key: string, value: string): void };
  readonly credentials: { createInsecure(): unknown; createSsl(ca?: Buffer, key?: Buffer, cert?: Buffer): unknown };
  readonly Client: new (address: string, credentials: unknown, options: object) => GrpcClient;
}

interface GrpcClient {
  makeUnaryRequest(
    path: string,
    serialize: (value: Buffer) => Buffer,
    deserialize: (value: Buffer) => Buffer,
    argument: Buffer,
    metadata: unknown,
    options: { deadline: number },
    callback: (error: GrpcError | null, value?: Buffer) => void,
  ): void;
  close(): void;
}

interface GrpcError {
  readonly code: number;
  readonly details: string;
  readonly metadata?: { get(key: string): readonly (string | Buffer)[] };
}

/** Where OTLP/gRPC is spoken. */
export interface GrpcOutletOptions {
  /** https is TLS; paths are not used. A signal without URL is refused; all go to one address. */
  readonly urls: Readonly<Record<Signal, URL | undefined>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly compress: boolean;
  readonly tls: TlsFiles;
  readonly timeoutMs: number;
}

/** OTLP over gRPC, by the `@grpc/grpc-js` that the program has installed. */
export class GrpcOutlet implements Outlet {
  readonly #options: GrpcOutletOptions;
  #connection: Promise<{ readonly client: GrpcClient; readonly metadata: unknown }> | undefined;

  constructor(options: GrpcOutletOptions) {
    this.#options = options;
  }

  async send(request: OtlpRequest): Promise<Answer> {
    const url = this.#options.urls[request.signal];
    if (url === undefined) return { type: "refused", reason: `there is no address for ${request.signal}` };
    this.#connection ??= this.#connect(url);
    try {
      const { client, metadata } = await this.#connection;
      return await this.#call(client, metadata, request);
    } catch (error) {
      return { type: "refused", reason: messageOf(error) };
    }
  }

  close(): void {
    void this.#connection?.then(
      ({ client }) => client.close(),
      () => {},
    );
  }

  async #connect(url: URL): Promise<{ readonly client: GrpcClient; readonly metadata: unknown }> {
    const grpc = await loadGrpc();
    const { headers, compress } = this.#options;
    const secure = url.protocol === "https:";
    const address = url.port === "" ? `${url.hostname}:${secure ? 443 : 4317}` : url.host;
    const { ca, key, cert } = await readTlsFiles(this.#options.tls);
    const credentials = secure ? grpc.credentials.createSsl(ca, key, cert) : grpc.credentials.createInsecure();
    const options = compress ? { "grpc.default_compression_algorithm": GZIP } : {};
    const metadata = new grpc.Metadata();
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() !== "user-agent") metadata.set(name, value);
    }
    return { client: new grpc.Client(address, credentials, options), metadata };
  }

  #call(client: GrpcClient, metadata: unknown, request: OtlpRequest): Promise<Answer> {
    const same = (value: Buffer): Buffer => value;
    const deadline = { deadline: Date.now() + this.#options.timeoutMs };
    return new Promise((resolve) => {
      const message = Buffer.concat(request.bytes);
      client.makeUnaryRequest(METHODS[request.signal], same, same, message, metadata, deadline, (error, value) => {
        if (error === null) resolve({ type: "taken", ...partialSuccessOf(value ?? Buffer.alloc(0), false) });
        else resolve(answerOf(error));
      });
    });
  }
}

async function loadGrpc(): Promise<Grpc> {
  try {
    const loaded = (await import(PACKAGE)) as Grpc & { readonly default?: Grpc };
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new Error("The protocol grpc needs @grpc/grpc-js: npm install @grpc/grpc-js, or use http/protobuf.", {
      cause,
    });
  }
}

function answerOf(error: GrpcError): Answer {
  const reason = `gRPC status ${error.code}: ${error.details}`;
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  const retryAfterMs = Buffer.isBuffer(details) ? retryInfoOf(details) : undefined;
  if (RETRYABLE.has(error.code) || (error.code === RESOURCE_EXHAUSTED && retryAfterMs !== undefined)) {
    return { type: "away", reason, retryAfterMs, untouched: NOT_CONNECTED.test(error.details) };
  }
  if (error.code === RESOURCE_EXHAUSTED && TOO_LARGE.test(error.details)) return { type: "too-large", reason };
  return { type: "refused", reason };
}
