import type { ContentKind } from "./options/read-content.ts";
import type { LogDestination } from "./log/log-destination.ts";
import type { ContentFilter } from "./span/content-rules.ts";
import type { SamplingOptions } from "./sampling/sampling-options.ts";
import type { RedactOptions } from "./redact/redact-options.ts";

/**
 * How to watch a program. Everything can be left out; what is left out is taken from the
 * environment (`OTEL_*` as OpenTelemetry defines them), then from the defaults told here.
 */
export interface InitializeOptions {
  /**
   * `send` sends spans to a server. `log` writes one line of JSON for each model call and sends nothing, for simple
   * programs. Default `send`; else `TELLTALE_MODE`.
   */
  readonly mode?: "send" | "log";
  /**
   * Where the lines of log mode go: `stdout`, `stderr`, the path of a file, a function, or a logger with `info` as
   * pino has it. Default `stdout`; else `TELLTALE_LOG_TO`.
   */
  readonly logTo?: LogDestination;
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
  /**
   * Sends each span by itself and at once. Dear: for development and short scripts. Default false; else
   * `TELLTALE_DISABLE_BATCH_SENDING`.
   */
  readonly disableBatchSending?: boolean;
  /**
   * Which prompts, answers, tool arguments, results and documents are sent: true for all, false for none, kinds of
   * span (`["llm", "tool"]`), or a function that is given each piece and answers with true, false or the text to send
   * instead. Default true, in log mode false; else `TELLTALE_CAPTURE_CONTENT` (`true`, `false` or `llm,tool`), then
   * `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`.
   */
  readonly captureContent?: boolean | readonly ContentKind[] | ContentFilter;
  /**
   * What is taken out of every text before it is sent: secrets, numbers of cards, accounts and persons, addresses. On
   * by default; false sends everything as it is. Else `TELLTALE_REDACT` and `TELLTALE_REDACT_KEY`.
   */
  readonly redact?: boolean | RedactOptions;
  /**
   * Longest piece of content, in bytes; the long texts in a longer one are shortened, with a marker that says how much
   * was left out. Default no limit but that of the span; else `TELLTALE_MAX_CONTENT_LENGTH`.
   */
  readonly maxContentLength?: number;
  /** Whether pictures, sounds and files in messages are sent along. Default false; else `TELLTALE_CAPTURE_MEDIA`. */
  readonly captureMedia?: boolean;
  /** Whether embedding vectors in values are sent along. Default false; else `TELLTALE_CAPTURE_VECTORS`. */
  readonly captureVectors?: boolean;
  /**
   * Hosts whose requests carry `traceparent` and `baggage`: your own services (`["orders.internal", "*.svc.local"]`).
   * Providers of models get them only when their host is written out. Default none; else `TELLTALE_PROPAGATE_TO`, apart
   * by commas.
   */
  readonly propagateTo?: readonly string[];
  /**
   * Whether the spans of the OpenTelemetry set-up that the program has are sent to Telltale too. Call `initialize` after
   * it has started, or give it `Telltale.spanProcessor()`. Default false; else `TELLTALE_JOIN`.
   */
  readonly join?: boolean;
  /** The project that the spans belong to, where one server keeps several. Else `TELLTALE_PROJECT`. */
  readonly project?: string;
  /** As `production` or `staging`; `deployment.environment.name`. Else `TELLTALE_ENVIRONMENT`. */
  readonly environment?: string;
  /** `service.version`. Else `TELLTALE_SERVICE_VERSION`. */
  readonly serviceVersion?: string;
  /** More attributes of the program; they win over `OTEL_RESOURCE_ATTRIBUTES`. */
  readonly resourceAttributes?: Readonly<Record<string, string>>;
  /** `gzip` saves network and costs CPU. Default none; else `OTEL_EXPORTER_OTLP_COMPRESSION`. */
  readonly compression?: "gzip" | "none";
  /** For one request, in ms. Default 10,000; else `OTEL_EXPORTER_OTLP_TIMEOUT`. */
  readonly timeoutMs?: number;
  /** Memory that unsent spans may hold. Above it new spans are dropped; their calls, tokens and cost are told as metrics. Default 64 MiB; else `TELLTALE_MAX_QUEUE_BYTES`. */
  readonly maxQueueBytes?: number;
  /**
   * A directory for what a server that is away should get later: nothing is lost while it is away for
   * an hour, or when the program ends meanwhile. Several processes may share it. At most `maxBytes`
   * (1 GiB) are kept. Else `TELLTALE_SPOOL` and `TELLTALE_SPOOL_MAX_BYTES`; false for none.
   */
  readonly spool?: string | false | { readonly directory: string; readonly maxBytes?: number };
  /**
   * Largest span as it is sent, in bytes; above it the longest texts of the span are shortened and
   * `telltale.shortened` names them. Default 16 MiB, by gRPC 3.5 MiB; else `TELLTALE_MAX_SPAN_BYTES`.
   */
  readonly maxSpanBytes?: number;
  /**
   * Which traces are sent, where not all are; what is not sent is counted, so that totals stay exact. Else
   * `TELLTALE_SAMPLING`, the same as JSON, else `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`.
   */
  readonly sampling?: SamplingOptions;
  /**
   * Where a platform freezes or ends the program after an answer: its function that waits for some work first, as
   * `waitUntil` of `@vercel/functions` or `cloudflare:workers`. Called with a promise for each trace, which is over when its
   * spans are sent, after 5 s at the latest. On Vercel, in Next.js and OpenNext it is found without.
   */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** Watches nothing and sends nothing. Else `OTEL_SDK_DISABLED`. */
  readonly disabled?: boolean;
}
