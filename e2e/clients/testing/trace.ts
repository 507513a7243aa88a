import type { Telltale } from "@telltale/sdk";

/** What a program under test uses of the SDK. */
export type Trace = Pick<
  typeof Telltale,
  | "watchClaudeAgent"
  | "watchLlamaindex"
  | "watchMcp"
  | "withSpan"
  | "withAgent"
  | "withTool"
  | "withRetrieval"
  | "recordRetrieval"
  | "setSession"
  | "setUser"
  | "flush"
  | "shutdown"
> &
  Partial<Pick<typeof Telltale, "tracer" | "mastra">>;

/** Set for the run that is watched; the other loads nothing of the SDK. */
export const WATCHED = "TELLTALE_TEST_WATCHED";

const idle = {
  traceId: "",
  spanId: "",
  setAttribute: () => {},
  setInput: () => {},
  setOutput: () => {},
  recordError: () => {},
};

/** `withSpan(name, work)` or `withSpan(name, options, work)`: runs the work and nothing else. */
const only = (_name: string, second: unknown, third?: unknown): unknown => {
  const work = (third ?? second) as (span: typeof idle) => unknown;
  return work(idle);
};

const none = {
  watchClaudeAgent: <T>(target: T): T => target,
  watchLlamaindex: <T>(target: T): T => target,
  watchMcp: <T>(target: T): T => target,
  withSpan: only,
  withAgent: only,
  withTool: only,
  withRetrieval: only,
  recordRetrieval: () => {},
  setSession: () => {},
  setUser: () => {},
  flush: () => Promise.resolve(),
  shutdown: () => Promise.resolve(),
} as Trace;

async function watch(): Promise<Trace> {
  const { Telltale: sdk } = await import("@telltale/sdk");
  sdk.initialize();
  return sdk;
}

/**
 * The SDK where the run is watched, else functions that only call on. Loaded by `--import`, so
 * that the watching begins before the program and its libraries are loaded.
 */
export const trace: Trace = process.env[WATCHED] === "1" ? await watch() : none;
