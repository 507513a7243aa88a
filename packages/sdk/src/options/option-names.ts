import type { InitializeOptions } from "../initialize-options.ts";

// The compiler refuses a list that forgets one.
const NAMES: Readonly<Record<keyof InitializeOptions, true>> = {
  mode: true,
  logTo: true,
  appName: true,
  endpoint: true,
  protocol: true,
  headers: true,
  disableBatchSending: true,
  captureContent: true,
  redact: true,
  maxContentLength: true,
  captureMedia: true,
  captureVectors: true,
  propagateTo: true,
  join: true,
  project: true,
  environment: true,
  serviceVersion: true,
  resourceAttributes: true,
  compression: true,
  timeoutMs: true,
  maxQueueBytes: true,
  spool: true,
  maxSpanBytes: true,
  sampling: true,
  waitUntil: true,
  disabled: true,
};

/** The options that `initialize` knows. */
export const OPTION_NAMES: ReadonlySet<string> = new Set(Object.keys(NAMES));
