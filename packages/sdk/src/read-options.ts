import type { AttributeMap } from "./attribute-value.ts";
import { debug } from "./diagnostics.ts";
import type { ExporterOptions } from "./export/batch-exporter.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { version } from "./version.ts";
import { wires } from "./wires/index.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_ENDPOINT = "http://127.0.0.1:4318";
const TRACES_PATH = "/v1/traces";
/** The default of OpenTelemetry's exporters. */
const DEFAULT_TIMEOUT_MS = 10_000;
/** About a thousand calls of 50 kB: half a minute of a busy server. */
const DEFAULT_QUEUE_BYTES = 64 * 1024 * 1024;

/** Whether nothing is to be watched at all. */
export function isDisabled(options: InitializeOptions, environment: Environment): boolean {
  return options.disabled ?? environment["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true";
}

/** Puts the options, the environment and the defaults together. Undefined when no endpoint is usable. */
export function readOptions(options: InitializeOptions, environment: Environment): ExporterOptions | undefined {
  const url = endpointOf(options, environment);
  if (url === undefined) return undefined;
  const timeout = Number(setting(environment, "TIMEOUT"));
  return {
    url,
    headers: {
      "user-agent": `telltale-sdk-js/${version}`,
      ...Object.fromEntries(pairs(setting(environment, "HEADERS"))),
      ...options.headers,
    },
    resource: resourceOf(options, environment),
    scopeVersion: version,
    captureContent: options.captureContent ?? wantsContent(environment),
    wires,
    compress: (options.compression ?? setting(environment, "COMPRESSION")) === "gzip",
    single: options.disableBatchSending ?? false,
    timeoutMs: options.timeoutMs ?? (timeout > 0 ? timeout : DEFAULT_TIMEOUT_MS),
    maxQueueBytes: options.maxQueueBytes ?? DEFAULT_QUEUE_BYTES,
  };
}

/** A setting of the exporter: the one for traces wins over the one for all signals. */
function setting(environment: Environment, name: string): string | undefined {
  return environment[`OTEL_EXPORTER_OTLP_TRACES_${name}`] ?? environment[`OTEL_EXPORTER_OTLP_${name}`];
}

function endpointOf(options: InitializeOptions, environment: Environment): URL | undefined {
  const base = options.endpoint ?? environment["TELLTALE_ENDPOINT"];
  const whole = base === undefined ? environment["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] : undefined;
  const text = whole ?? withPath(base ?? environment["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? DEFAULT_ENDPOINT);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  debug(`Nothing is sent: ${text} is no URL with http or https.`);
  return undefined;
}

function withPath(endpoint: string): string {
  const base = endpoint.replace(/\/+$/, "");
  return base.endsWith(TRACES_PATH) ? base : base + TRACES_PATH;
}

/** `key=value,key=value` with percent-encoded values, as OpenTelemetry writes lists in the environment. */
function pairs(text: string | undefined): Map<string, string> {
  const found = new Map<string, string>();
  for (const pair of (text ?? "").split(",")) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(0, equals)).trim();
    if (key === "") continue;
    const value = pair.slice(equals + 1).trim();
    try {
      found.set(key, decodeURIComponent(value));
    } catch {
      found.set(key, value);
    }
  }
  return found;
}

function resourceOf(options: InitializeOptions, environment: Environment): AttributeMap {
  const resource: AttributeMap = new Map([["service.name", "unknown_service:node"]]);
  for (const [key, value] of pairs(environment["OTEL_RESOURCE_ATTRIBUTES"])) resource.set(key, value);
  for (const [key, value] of Object.entries(options.resourceAttributes ?? {})) resource.set(key, value);
  const told: readonly (readonly [string, string | undefined])[] = [
    ["service.name", options.appName ?? environment["OTEL_SERVICE_NAME"]],
    ["service.version", options.serviceVersion],
    ["deployment.environment.name", options.environment],
    ["telltale.project", options.project ?? environment["TELLTALE_PROJECT"]],
  ];
  for (const [key, value] of told) if (value !== undefined && value !== "") resource.set(key, value);
  resource.set("telemetry.sdk.name", "telltale");
  resource.set("telemetry.sdk.language", "nodejs");
  resource.set("telemetry.sdk.version", version);
  return resource;
}

function wantsContent(environment: Environment): boolean {
  const told = environment["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"]?.trim().toLowerCase();
  return told !== "false" && told !== "no_content";
}
