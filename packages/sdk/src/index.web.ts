export { exportCounts, flush, initialize, initialize as init, shutdown } from "./initialize.ts";
export type { InitializeOptions } from "./initialize-options.ts";
export type {
  AlwaysKeep,
  SamplingOptions,
  SamplingRule,
  TelemetryBudget,
  TraceView,
} from "./sampling/sampling-options.ts";
export type { RedactOptions } from "./redact/redact-options.ts";
export type { ExportCounts } from "./export-counts.ts";
export type { ActiveSpan } from "./span/active-span.ts";
export { setMetadata, setSession, setTags, setUser } from "./span/associate.ts";
export type { SettableValue } from "./span/association.ts";
export {
  agent,
  type DecoratorOptions,
  type MethodDecorator,
  retrieval,
  span,
  task,
  tool,
  workflow,
} from "./span/decorators.ts";
export type { ContentKind } from "./options/read-content.ts";
export type { ContentFilter, ContentPiece } from "./span/content-rules.ts";
export { type RecordedPrompt, recordPrompt } from "./span/record-prompt.ts";
export type { RetrievedDocument } from "./span/retrieved-documents.ts";
export {
  bind,
  currentContext,
  extract,
  type HeaderSource,
  inject,
  runWith,
  type TelltaleContext,
} from "./span/run-with.ts";
export { score, type ScoreOptions } from "./span/score.ts";
export type { SpanKind } from "./span/span-kind.ts";
export { currentSpan, type SpanUpdate, updateCurrentSpan } from "./span/update-current-span.ts";
export { type AgentOptions, withAgent } from "./span/with-agent.ts";
export {
  recordRetrieval,
  type RecordedRetrieval,
  type RetrievalOptions,
  withRetrieval,
} from "./span/with-retrieval.ts";
export { type SpanOptions, type SpanWork, withSpan } from "./span/with-span.ts";
export { type ToolOptions, withTool } from "./span/with-tool.ts";
export { type StepOptions, withTask, withWorkflow } from "./span/with-workflow.ts";
export { Telltale } from "./telltale.ts";
