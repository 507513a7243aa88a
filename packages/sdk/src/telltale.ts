import { everywhere } from "./everywhere.ts";
import { mastra, spanProcessor, tracer, watchClaudeAgent, watchLlamaindex, watchMcp } from "./framework-doors.ts";

/** Everything under one name. Each function is also exported by itself. */
export const Telltale: typeof everywhere & {
  readonly tracer: typeof tracer;
  readonly watchClaudeAgent: typeof watchClaudeAgent;
  readonly watchLlamaindex: typeof watchLlamaindex;
  readonly watchMcp: typeof watchMcp;
  readonly mastra: typeof mastra;
  readonly spanProcessor: typeof spanProcessor;
} = { ...everywhere, tracer, watchClaudeAgent, watchLlamaindex, watchMcp, mastra, spanProcessor };
