import { runInSpan, type SpanOptions, type SpanWork } from "./with-span.ts";

/** What can be told about a tool when it is called. `input` is its arguments. */
export interface ToolOptions extends Omit<SpanOptions, "kind"> {
  /** The id that the model gave this call. */
  readonly callId?: string;
  readonly description?: string;
}

/**
 * Runs `work` as a tool: a span `execute_tool {name}` with arguments and result. Hands on what
 * `work` returns or throws, as `withSpan` does.
 */
export function withTool<T>(name: string, work: SpanWork<T>): T;
export function withTool<T>(name: string, options: ToolOptions, work: SpanWork<T>): T;
export function withTool<T>(name: string, second: ToolOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const work = typeof second === "function" ? second : third;
  if (work === undefined) throw new TypeError("withTool needs a function: withTool(name, fn).");
  const { callId, description, ...options } = typeof second === "function" ? {} : second;
  const attributes = {
    "gen_ai.tool.type": "function",
    ...(callId === undefined ? {} : { "gen_ai.tool.call.id": callId }),
    ...(description === undefined ? {} : { "gen_ai.tool.description": description }),
    ...options.attributes,
  };
  return runInSpan({ spanName: `execute_tool ${name}`, name }, { ...options, kind: "tool", attributes }, work);
}
