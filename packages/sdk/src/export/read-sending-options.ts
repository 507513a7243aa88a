import { warn } from "../diagnostics.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import type { Settings } from "../options/settings.ts";
import { version } from "../version.ts";
import type { ExporterOptions } from "./exporter-options.ts";
import type { OutletOptions, Protocol } from "./outlet-options.ts";
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
/** The longest time that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;
const HEADER_NAME = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const PROTOCOLS: readonly Protocol[] = ["grpc", "http/protobuf", "http/json"];

/** The part of the exporter's options that says where, how and how much is sent. */
export type SendingOptions = OutletOptions &
  Pick<
    ExporterOptions,
    "single" | "maxQueueBytes" | "maxQueueSpans" | "batchSpans" | "batchIntervalMs" | "limits" | "spool"
  >;

/** Puts options, environment and defaults together. Undefined when no endpoint is usable. */
export function readSendingOptions(options: InitializeOptions, settings: Settings): SendingOptions | undefined {
  const protocol = settings.oneOf(
    { option: "protocol", given: options.protocol, variables: exporter("PROTOCOL") },
    PROTOCOLS,
    "http/protobuf",
  );
  const urls = urlsOf(options, settings, protocol);
  if (urls === undefined) return undefined;
  const tls = (name: string): string | undefined =>
    settings.text({ option: "", given: undefined, variables: exporter(name) });
  return {
    protocol,
    urls,
    headers: {
      "user-agent": `telltale-sdk-js/${version}`,
      ...Object.fromEntries(usableHeaders(settings.pairs(exporter("HEADERS")))),
      ...Object.fromEntries(usableHeaders(Object.entries(options.headers ?? {}))),
    },
    tls: {
      authority: tls("CERTIFICATE"),
      clientKey: tls("CLIENT_KEY"),
      clientCertificate: tls("CLIENT_CERTIFICATE"),
    },
    ...howMuch(options, settings),
    limits: limitsOf(options, settings, protocol),
    spool: spoolOf(options, settings),
  };
}

/** A header that HTTP does not allow would fail every request; a line's end behind a key is no part of it. */
function usableHeaders(told: Iterable<readonly [string, unknown]>): (readonly [string, string])[] {
  return Array.from(told).flatMap(([name, given]) => {
    const value = typeof given === "number" ? String(given) : given;
    const text = typeof value === "string" ? value.trim() : undefined;
    if (HEADER_NAME.test(name) && text !== undefined && HEADER_VALUE.test(text)) return [[name, text] as const];
    // Its value may be a secret.
    warn(`The header "${name.slice(0, 60)}" has a name or a value that HTTP does not allow. It is left out.`);
    return [];
  });
}

/** Variables of the OTLP exporter: the one for traces wins over the one for all signals. */
function exporter(name: string): readonly string[] {
  return [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`];
}

function howMuch(
  options: InitializeOptions,
  settings: Settings,
): Omit<SendingOptions, "protocol" | "urls" | "headers" | "tls" | "limits" | "spool"> {
  const compression = { option: "compression", given: options.compression, variables: exporter("COMPRESSION") };
  const single = {
    option: "disableBatchSending",
    given: options.disableBatchSending,
    variables: ["TELLTALE_DISABLE_BATCH_SENDING"],
  };
  const timeout = { option: "timeoutMs", given: options.timeoutMs, variables: exporter("TIMEOUT") };
  const bytes = { option: "maxQueueBytes", given: options.maxQueueBytes, variables: ["TELLTALE_MAX_QUEUE_BYTES"] };
  const spans = { option: "", given: undefined, variables: ["OTEL_BSP_MAX_QUEUE_SIZE"] };
  const batch = { option: "", given: undefined, variables: ["OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] };
  const interval = { option: "", given: undefined, variables: ["OTEL_BSP_SCHEDULE_DELAY"] };
  const some = { least: 1, most: Number.MAX_SAFE_INTEGER };
  return {
    compress: settings.oneOf(compression, ["gzip", "none"], "none") === "gzip",
    timeoutMs: settings.whole(timeout, { least: 1, most: LONGEST_MS }, DEFAULT_TIMEOUT_MS),
    single: settings.flag(single, false),
    maxQueueBytes: settings.whole(bytes, some, DEFAULT_QUEUE_BYTES),
    maxQueueSpans: settings.whole(spans, some) ?? Number.POSITIVE_INFINITY,
    batchSpans: settings.whole(batch, some, DEFAULT_BATCH_SPANS),
    batchIntervalMs: settings.whole(interval, { least: 0, most: LONGEST_MS }, DEFAULT_INTERVAL_MS),
  };
}

function urlsOf(options: InitializeOptions, settings: Settings, protocol: Protocol): OutletOptions["urls"] | undefined {
  const of = (signal: string): string | undefined =>
    settings.text({ option: "", given: undefined, variables: [`OTEL_EXPORTER_OTLP_${signal}ENDPOINT`] });
  const base = settings.text({ option: "endpoint", given: options.endpoint, variables: ["TELLTALE_ENDPOINT"] });
  const whole = base === undefined ? of("TRACES_") : undefined;
  const grpc = protocol === "grpc";
  const text = whole ?? base ?? of("") ?? DEFAULT_ENDPOINTS[grpc ? "grpc" : "http"];
  const traces = grpc ? grpcUrl(text, settings) : urlOf(whole ?? withPath(text));
  if (traces === undefined) {
    warn(`Nothing is sent: "${text.slice(0, 200)}" is no address. Give one like http://127.0.0.1:4318 as endpoint.`);
    return undefined;
  }
  const metrics = settings.text({ option: "", given: undefined, variables: ["OTEL_METRICS_EXPORTER"] });
  if (metrics === "none") return { traces, metrics: undefined };
  const own = base === undefined ? of("METRICS_") : undefined;
  if (grpc) return { traces, metrics: own === undefined ? traces : grpcUrl(own, settings) };
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
function grpcUrl(text: string, settings: Settings): URL | undefined {
  if (text.includes("://")) return urlOf(text);
  const insecure = settings.flag({ option: "", given: undefined, variables: exporter("INSECURE") }, false);
  return urlOf(`${insecure ? "http" : "https"}://${text}`);
}

function limitsOf(options: InitializeOptions, settings: Settings, protocol: Protocol): SpanLimits {
  const limit = (...variables: string[]): number | undefined =>
    settings.whole({ option: "", given: undefined, variables }, { least: 0, most: Number.MAX_SAFE_INTEGER });
  return {
    attributeCount: limit("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"),
    attributeValueLength: limit("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"),
    eventCount: limit("OTEL_SPAN_EVENT_COUNT_LIMIT"),
    eventAttributeCount: limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"),
    spanBytes: settings.whole(
      { option: "maxSpanBytes", given: options.maxSpanBytes, variables: ["TELLTALE_MAX_SPAN_BYTES"] },
      { least: SMALLEST_SPAN_BYTES, most: LARGEST_SPAN_BYTES },
      DEFAULT_SPAN_BYTES[protocol === "grpc" ? "grpc" : "http"],
    ),
  };
}

function spoolOf(options: InitializeOptions, settings: Settings): SendingOptions["spool"] {
  if (options.spool === false) return undefined;
  const { directory: given, maxBytes } =
    typeof options.spool === "object" && options.spool !== null
      ? options.spool
      : { directory: options.spool, maxBytes: undefined };
  const directory = settings.text({ option: "spool", given, variables: ["TELLTALE_SPOOL"] });
  if (directory === undefined) return undefined;
  const most = { option: "spool.maxBytes", given: maxBytes, variables: ["TELLTALE_SPOOL_MAX_BYTES"] };
  const bytes = settings.whole(most, { least: 1, most: Number.MAX_SAFE_INTEGER }, DEFAULT_SPOOL_BYTES);
  return { directory, maxBytes: bytes };
}
