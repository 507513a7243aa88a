import type { AttributeMap } from "../attribute-value.ts";
import type { InitializeOptions } from "../initialize-options.ts";
import type { Settings } from "../options/settings.ts";
import { whenIdle } from "../platform/timers.ts";
import type { PlatformWait } from "../platform-wait.ts";
import { readRedactOptions } from "../redact/redact-options.ts";
import { SpanRedaction } from "../redact/span-redaction.ts";
import type { Pipeline } from "../runtime.ts";
import { readSampling } from "../sampling/read-sampling-options.ts";
import { type ContentRules, contentStep, shortenStep } from "../span/content-rules.ts";
import { version } from "../version.ts";
import type { Wire } from "../wire.ts";
import { BatchExporter } from "./batch-exporter.ts";
import { readSendingOptions } from "./read-sending-options.ts";
import { shortenText } from "./shorten-text.ts";

/** What was read before the exporter was loaded. */
export interface ExporterFacts {
  readonly captureContent: boolean;
  readonly wires: readonly Wire[];
  readonly content: ContentRules;
  readonly wait: PlatformWait;
  readonly resource: AttributeMap;
}

/** Makes the exporter that the options ask for. Undefined when no endpoint is usable. */
export function openExporter(
  options: InitializeOptions,
  settings: Settings,
  facts: ExporterFacts,
): Pipeline | undefined {
  const sending = readSendingOptions(options, settings);
  if (sending === undefined) return undefined;
  const { content, captureContent, wires, resource, wait } = facts;
  const redact = readRedactOptions(options.redact, settings.environment);
  const redaction = redact === undefined ? undefined : new SpanRedaction(redact);
  // Not at once, so that starting does not wait for the rules, and not with the first span, which a program may end with.
  whenIdle(() => void redaction?.load());
  return new BatchExporter({
    ...sending,
    captureContent,
    wires,
    wait,
    resource,
    scopeVersion: version,
    sampling: readSampling(options.sampling, settings),
    redaction,
    prepare: [contentStep(content)],
    finish: [shortenStep(content, shortenText)],
  });
}
