import type { SamplingOptions } from "./sampling/sampling-options.ts";
import type { RedactOptions } from "./redact/redact-options.ts";

/**
 * How to watch a program. Everything can be left out; what is left out is taken from the
 * environment (`OTEL_*` as OpenTelemetry defines them), then from the defaults told here.
 */
export interface InitializeOptions {
  /** Name of the program, `service.name`. Else `OTEL_SERVICE_NAME`, else `unknown_service:node`. */
  readonly appName?: string;
  /**
   * Where OTLP is taken, over HTTP without or with `/v1/traces`. Else `TELLTALE_ENDPOINT`,
   * `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`, `OTEL_EXPORTER_OTLP_ENDPOINT`, `http://127.0.0.1:4318`.
   */
  readonly endpoint?: string;
  /**
   * How OTLP is spoken. Default `http/protobuf`; else `OTEL_EXPORTER_OTLP_PROTOCOL`. `grpc` needs the
   * package `@grpc/grpc-js` beside this one.
   */
  readonly protocol?: "http/protobuf" | "http/json" | "grpc";
  /** Headers of each request, such as a key; they win over `OTEL_EXPORTER_OTLP_HEADERS`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends each span by itself and at once. Dear: for development and short scripts. */
  readonly disableBatchSending?: boolean;
  /**
   * Whether prompts, answers, tool arguments and results are sent. Default true; else
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`.
   */
  readonly captureContent?: boolean;
  /**
   * What is taken out of every text before it is sent: secrets, numbers of cards, accounts and persons, addresses. On
   * by default; false sends everything as it is. Else `TELLTALE_REDACT`.
   */
  readonly redact?: boolean | RedactOptions;
  /** The project that the spans belong to, where one server keeps several. Else `TELLTALE_PROJECT`. */
  readonly project?: string;
  /** As `production` or `staging`; `deployment.environment.name`. */
  readonly environment?: string;
  readonly serviceVersion?: string;
  /** More attributes of the program; they win over `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  /** `gzip` saves network and costs CPU. Default none; else `OTEL_EXPORTER_OTLP_COMPRESSION`. */
  readonly compression?: "gzip" | "none";
  /** For one request, in ms. Default 10,000; else `OTEL_EXPORTER_OTLP_TIMEOUT`. */
  readonly timeoutMs?: number;
  /** Memory that unsent spans may hold. Above it new spans are dropped and counted. Default 64 MiB. */
  readonly maxQueueBytes?: number;
  /**
   * A directory for what a server that is away should get later: nothing is lost while it is away for
   * an hour, or when the program ends meanwhile. Several processes may share it. At most `maxBytes`
   * (1 GiB) are kept. Else `TELLTALE_SPOOL` and `TELLTALE_SPOOL_MAX_BYTES`; false for none.
   */
  readonly spool?: string | false | { readonly directory: string; readonly maxBytes?: number };
  /**
   * Largest span as it is sent, in bytes; above it the longest texts of the span are shortened and
   * `telltale.shortened` names them. Default 16 MiB, by gRPC 3.5 MiB.
   */
  readonly maxSpanBytes?: number;
  /** Which traces are sent, where not all are; what is not sent is counted, so that totals stay exact. */
  readonly sampling?: SamplingOptions;
  /** Watches nothing and sends nothing. Else `OTEL_SDK_DISABLED`. */
  readonly disabled?: boolean;
}
