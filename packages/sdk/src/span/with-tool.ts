import { readCall, runInSpan, type SpanOptions, type SpanWork } from "./with-span.ts";
import { toldName } from "./told-name.ts";

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
  const { options: told, work } = readCall("withTool", second, third);
  const { callId, description, ...options } = told;
  const attributes = {
    "gen_ai.tool.type": "function",
    ...(callId === undefined ? {} : { "gen_ai.tool.call.id": callId }),
    ...(description === undefined ? {} : { "gen_ai.tool.description": description }),
    ...options.attributes,
  };
  return runInSpan(
    { spanName: `execute_tool ${toldName(name)}`, name },
    { ...options, kind: "tool", attributes },
    work,
  );
}
