export { exportCounts, flush, initialize, initialize as init, shutdown } from "./initialize.ts";
export type { InitializeOptions } from "./initialize-options.ts";
export type { ExportCounts } from "./runtime.ts";
export type { ActiveSpan, SettableValue } from "./span/active-span.ts";
export { setSession, setUser } from "./span/associate.ts";
export type { RetrievedDocument } from "./span/retrieved-documents.ts";
export type { SpanKind } from "./span/span-kind.ts";
export { type AgentOptions, withAgent } from "./span/with-agent.ts";
export {
  recordRetrieval,
  type RecordedRetrieval,
  type RetrievalOptions,
  withRetrieval,
} from "./span/with-retrieval.ts";
export { type SpanOptions, type SpanWork, withSpan } from "./span/with-span.ts";
export { type ToolOptions, withTool } from "./span/with-tool.ts";
export { Telltale } from "./telltale.ts";
