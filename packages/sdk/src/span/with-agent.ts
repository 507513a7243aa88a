import { readCall, runInSpan, type SpanOptions, type SpanWork } from "./with-span.ts";
import { toldName } from "./told-name.ts";

/** What can be told about an agent when it begins to work. */
export interface AgentOptions extends Omit<SpanOptions, "kind"> {
  readonly id?: string;
  readonly description?: string;
}

/**
 * Runs `work` as an agent: a span `invoke_agent {name}`. Calls and tools below it carry the
 * agent's name. Hands on what `work` returns or throws, as `withSpan` does.
 */
export function withAgent<T>(name: string, work: SpanWork<T>): T;
export function withAgent<T>(name: string, options: AgentOptions, work: SpanWork<T>): T;
export function withAgent<T>(name: string, second: AgentOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const { options: told, work } = readCall("withAgent", second, third);
  const { id, description, ...options } = told;
  const attributes = {
    ...(id === undefined ? {} : { "gen_ai.agent.id": id }),
    ...(description === undefined ? {} : { "gen_ai.agent.description": description }),
    ...options.attributes,
  };
  return runInSpan(
    { spanName: `invoke_agent ${toldName(name)}`, name },
    { ...options, kind: "agent", attributes },
    work,
  );
}
