import { shortenText } from "../export/shorten-text.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import { readLogDestination } from "../options/read-log.ts";
import type { Settings } from "../options/settings.ts";
import { readRedactOptions } from "../redact/redact-options.ts";
import { SpanRedaction } from "../redact/span-redaction.ts";
import type { Pipeline } from "../runtime.ts";
import { type ContentRules, contentStep, shortenStep } from "../span/content-rules.ts";
import { LogPipeline } from "./log-pipeline.ts";

/** Makes the pipeline of log mode; throws when its file cannot be opened. */
export function openLog(
  options: InitializeOptions,
  settings: Settings,
  { content, captureContent, wires }: Pick<Pipeline, "captureContent" | "wires"> & { readonly content: ContentRules },
): Pipeline {
  const redact = readRedactOptions(options.redact, settings.environment);
  return new LogPipeline({
    captureContent,
    wires,
    to: readLogDestination(options, settings),
    service: settings.text({ option: "appName", given: options.appName, variables: ["OTEL_SERVICE_NAME"] }),
    redaction: redact === undefined ? undefined : new SpanRedaction(redact),
    prepare: [contentStep(content)],
    finish: [shortenStep(content, shortenText)],
  });
}
