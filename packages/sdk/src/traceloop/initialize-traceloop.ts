import { warn } from "../diagnostics.ts";
import { initialize as begin, flush } from "../initialize.ts";
import type { InitializeOptions as Options } from "../initialize-options.ts";

/** The options of OpenLLMetry's `initialize` that mean something here. */
export interface InitializeOptions {
  appName?: string;
  /** Sent as `Authorization: Bearer …`. Else `TRACELOOP_API_KEY`. */
  apiKey?: string;
  /** Where to send. Else `TELLTALE_ENDPOINT`, then `TRACELOOP_BASE_URL`, then as `@telltale/sdk` has it. */
  baseUrl?: string;
  disableBatch?: boolean;
  /** Else `TRACELOOP_TRACE_CONTENT`. */
  traceContent?: boolean;
  headers?: Record<string, string>;
  tracingEnabled?: boolean;
  /** Not used: everything is seen where it leaves the process, whatever the bundler did. */
  instrumentModules?: unknown;
  /** Not used: `OTEL_*` and `TELLTALE_*` say where to send. */
  exporter?: unknown;
  /** Not used, see `exporter`. */
  processor?: unknown;
  /** Not used. */
  propagator?: unknown;
  /** Not used. */
  contextManager?: unknown;
  /** Not used. */
  logLevel?: "debug" | "info" | "warn" | "error";
  /** Not used: nothing is written at start. */
  silenceInitializationMessage?: boolean;
  /** Not used: prompts are not fetched from anywhere. */
  traceloopSyncEnabled?: boolean;
  /** Not used. */
  traceloopSyncMaxRetries?: number;
  /** Not used. */
  traceloopSyncPollingInterval?: number;
  /** Not used. */
  traceloopSyncDevPollingInterval?: number;
  /** Not used. */
  experimentSlug?: string;
  /** Not used. */
  gcpProjectId?: string;
}

/** Begins to watch this process, as `initialize` of `@telltale/sdk` does. Never throws. */
export function initialize(options: InitializeOptions = {}): undefined {
  const { env } = process;
  if (options.exporter !== undefined || options.processor !== undefined) {
    warn("initialize does not use exporter and processor: set OTEL_EXPORTER_OTLP_ENDPOINT. Spans go there.");
  }
  const key = options.apiKey ?? textOf(env["TRACELOOP_API_KEY"]);
  const endpoint =
    options.baseUrl ?? (textOf(env["TELLTALE_ENDPOINT"]) === undefined ? textOf(env["TRACELOOP_BASE_URL"]) : undefined);
  const content =
    options.traceContent ?? (env["TRACELOOP_TRACE_CONTENT"]?.toLowerCase() === "false" ? false : undefined);
  const headers = { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...options.headers };
  const told: Options = {
    headers,
    ...(options.appName === undefined ? {} : { appName: options.appName }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(content === undefined ? {} : { captureContent: content }),
    ...(options.disableBatch === undefined ? {} : { disableBatchSending: options.disableBatch }),
    ...(options.tracingEnabled === false ? { disabled: true } : {}),
  };
  begin(told);
}

/** Sends what is finished. */
export function forceFlush(): Promise<void> {
  return flush();
}

/** Nothing has to be waited for. */
export function waitForInitialization(): Promise<void> {
  return Promise.resolve();
}

function textOf(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text;
}
