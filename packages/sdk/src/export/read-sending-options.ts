import { debug } from "../diagnostics.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import { countOf, type Environment, exporterSetting, pairsOf, positiveOf, textOf } from "../read-environment.ts";
import { version } from "../version.ts";
import type { ExporterOptions } from "./batch-exporter.ts";
import type { OutletOptions, Protocol } from "./open-outlet.ts";
import type { SpanLimits } from "./span-limits.ts";

const DEFAULT_ENDPOINTS = { http: "http://127.0.0.1:4318", grpc: "http://127.0.0.1:4317" } as const;
const TRACES_PATH = "/v1/traces";
const METRICS_PATH = "/v1/metrics";
/** The default of OpenTelemetry's exporters. */
const DEFAULT_TIMEOUT_MS = 10_000;
/** About a thousand calls of 50 kB: half a minute of a busy server. */
const DEFAULT_QUEUE_BYTES = 64 * 1024 * 1024;
/** A day of a program that calls a model of 5 kB three times a second. */
const DEFAULT_SPOOL_BYTES = 1024 * 1024 * 1024;
/** Larger requests cost memory and time; smaller ones cost round trips. */
const DEFAULT_BATCH_SPANS = 512;
const DEFAULT_INTERVAL_MS = 1000;
/** Below the 20 MiB that a stock Collector takes over HTTP, and the 4 MiB over gRPC. */
const DEFAULT_SPAN_BYTES = { http: 16 * 1024 * 1024, grpc: 3.5 * 1024 * 1024 } as const;
/** Above this a span is never sent, whatever is asked for: Telltale's server takes requests of 64 MiB. */
const LARGEST_SPAN_BYTES = 48 * 1024 * 1024;
/** A span keeps its ids, its model and its usage in so much. */
const SMALLEST_SPAN_BYTES = 64 * 1024;
const PROTOCOLS: readonly Protocol[] = ["grpc", "http/protobuf", "http/json"];

/** The part of the exporter's options that says where, how and how much is sent. */
export type SendingOptions = OutletOptions &
  Pick<
    ExporterOptions,
    "single" | "maxQueueBytes" | "maxQueueSpans" | "batchSpans" | "batchIntervalMs" | "limits" | "spool"
  >;

/** Puts options, environment and defaults together. Undefined when no endpoint is usable. */
export function readSendingOptions(options: InitializeOptions, environment: Environment): SendingOptions | undefined {
  const protocol = protocolOf(options, environment);
  const urls = urlsOf(options, environment, protocol);
  if (urls === undefined) return undefined;
  const timeoutMs = options.timeoutMs ?? positiveOf(exporterSetting(environment, "TIMEOUT")) ?? DEFAULT_TIMEOUT_MS;
  const batchSpans = countOf(environment["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"]) ?? 0;
  return {
    protocol,
    urls,
    headers: {
      "user-agent": `telltale-sdk-js/${version}`,
      ...Object.fromEntries(pairsOf(exporterSetting(environment, "HEADERS"))),
      ...options.headers,
    },
    compress: (options.compression ?? exporterSetting(environment, "COMPRESSION")) === "gzip",
    tls: {
      authority: exporterSetting(environment, "CERTIFICATE"),
      clientKey: exporterSetting(environment, "CLIENT_KEY"),
      clientCertificate: exporterSetting(environment, "CLIENT_CERTIFICATE"),
    },
    timeoutMs,
    single: options.disableBatchSending ?? false,
    maxQueueBytes: options.maxQueueBytes ?? DEFAULT_QUEUE_BYTES,
    maxQueueSpans: positiveOf(environment["OTEL_BSP_MAX_QUEUE_SIZE"]) ?? Number.POSITIVE_INFINITY,
    batchSpans: batchSpans > 0 ? batchSpans : DEFAULT_BATCH_SPANS,
    batchIntervalMs: countOf(environment["OTEL_BSP_SCHEDULE_DELAY"]) ?? DEFAULT_INTERVAL_MS,
    limits: limitsOf(options, environment, protocol),
    spool: spoolOf(options, environment),
  };
}

function protocolOf(options: InitializeOptions, environment: Environment): Protocol {
  const told = options.protocol ?? exporterSetting(environment, "PROTOCOL");
  const protocol = PROTOCOLS.find((known) => known === told);
  if (protocol === undefined && told !== undefined) debug(`There is no protocol ${told}; http/protobuf is used.`);
  return protocol ?? "http/protobuf";
}

function urlsOf(
  options: InitializeOptions,
  environment: Environment,
  protocol: Protocol,
): OutletOptions["urls"] | undefined {
  const base = options.endpoint ?? textOf(environment["TELLTALE_ENDPOINT"]);
  const whole = base === undefined ? textOf(environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) : undefined;
  const all = base ?? textOf(environment["OTEL_EXPORTER_OTLP_ENDPOINT"]);
  const grpc = protocol === "grpc";
  const text = whole ?? all ?? DEFAULT_ENDPOINTS[grpc ? "grpc" : "http"];
  const traces = grpc ? grpcUrl(text, environment) : urlOf(whole ?? withPath(text));
  if (traces === undefined) {
    debug(`Nothing is sent: ${text} is no URL with http or https.`);
    return undefined;
  }
  if (environment["OTEL_METRICS_EXPORTER"] === "none") return { traces, metrics: undefined };
  const own = base === undefined ? textOf(environment["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"]) : undefined;
  if (grpc) return { traces, metrics: own === undefined ? traces : grpcUrl(own, environment) };
  return { traces, metrics: urlOf(own ?? beside(traces.href)) };
}

function withPath(endpoint: string): string {
  const base = endpoint.replace(/\/+$/, "");
  return base.endsWith(TRACES_PATH) ? base : base + TRACES_PATH;
}

/** The path for metrics where the one for traces is as OTLP has it; else nobody knows. */
function beside(traces: string): string {
  return traces.endsWith(TRACES_PATH) ? traces.slice(0, -TRACES_PATH.length) + METRICS_PATH : "";
}

function urlOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

/** gRPC knows addresses without a scheme; they are TLS unless it is said otherwise. */
function grpcUrl(text: string, environment: Environment): URL | undefined {
  if (text.includes("://")) return urlOf(text);
  const insecure = exporterSetting(environment, "INSECURE")?.toLowerCase() === "true";
  return urlOf(`${insecure ? "http" : "https"}://${text}`);
}

function limitsOf(options: InitializeOptions, environment: Environment, protocol: Protocol): SpanLimits {
  const limit = (name: string): number | undefined => countOf(environment[name]);
  const attributes = limit("OTEL_ATTRIBUTE_COUNT_LIMIT");
  const spanBytes = options.maxSpanBytes ?? DEFAULT_SPAN_BYTES[protocol === "grpc" ? "grpc" : "http"];
  return {
    attributeCount: limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT") ?? attributes,
    attributeValueLength: limit("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT") ?? limit("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
    eventCount: limit("OTEL_SPAN_EVENT_COUNT_LIMIT"),
    eventAttributeCount: limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT") ?? attributes,
    spanBytes: Math.min(LARGEST_SPAN_BYTES, Math.max(SMALLEST_SPAN_BYTES, spanBytes)),
  };
}

function spoolOf(options: InitializeOptions, environment: Environment): SendingOptions["spool"] {
  const told = options.spool ?? textOf(environment["TELLTALE_SPOOL"]);
  if (told === undefined || told === false) return undefined;
  const { directory, maxBytes } = typeof told === "string" ? { directory: told, maxBytes: undefined } : told;
  return {
    directory,
    maxBytes: maxBytes ?? positiveOf(environment["TELLTALE_SPOOL_MAX_BYTES"]) ?? DEFAULT_SPOOL_BYTES,
  };
}
