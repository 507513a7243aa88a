import type { AttributeMap } from "./attribute-value.ts";
import type { ExporterOptions } from "./export/batch-exporter.ts";
import { readSendingOptions } from "./export/read-sending-options.ts";
import type { InitializeOptions } from "./initialize-options.ts";
import { type Environment, pairsOf } from "./read-environment.ts";
import { readSampling } from "./sampling/read-sampling-options.ts";
import { readRedactOptions } from "./redact/redact-options.ts";
import { SpanRedaction } from "./redact/span-redaction.ts";
import { version } from "./version.ts";
import { wires } from "./wires/index.ts";

/** Whether nothing is to be watched at all. */
export function isDisabled(options: InitializeOptions, environment: Environment): boolean {
  return options.disabled ?? environment["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true";
}

/** Puts the options, the environment and the defaults together. Undefined when no endpoint is usable. */
export function readOptions(options: InitializeOptions, environment: Environment): ExporterOptions | undefined {
  const sending = readSendingOptions(options, environment);
  if (sending === undefined) return undefined;
  const redact = readRedactOptions(options.redact, environment);
  return {
    ...sending,
    sampling: readSampling(options.sampling, environment),
    redaction: redact === undefined ? undefined : new SpanRedaction(redact),
    resource: resourceOf(options, environment),
    scopeVersion: version,
    captureContent: options.captureContent ?? wantsContent(environment),
    wires,
  };
}

function resourceOf(options: InitializeOptions, environment: Environment): AttributeMap {
  const resource: AttributeMap = new Map([["service.name", "unknown_service:node"]]);
  for (const [key, value] of pairsOf(environment["OTEL_RESOURCE_ATTRIBUTES"])) resource.set(key, value);
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
