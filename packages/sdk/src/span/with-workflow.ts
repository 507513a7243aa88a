import { readCall, runInSpan, type SpanOptions, type SpanWork } from "./with-span.ts";
import { toldName } from "./told-name.ts";

/** What can be told about a workflow or a task when it begins. */
export type StepOptions = Omit<SpanOptions, "kind">;

/**
 * Runs `work` as a workflow, the whole that a user asked for: a span `invoke_workflow {name}`.
 * Hands on what `work` returns or throws, as `withSpan` does.
 */
export function withWorkflow<T>(name: string, work: SpanWork<T>): T;
export function withWorkflow<T>(name: string, options: StepOptions, work: SpanWork<T>): T;
export function withWorkflow<T>(name: string, second: StepOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const { options, work } = readCall("withWorkflow", second, third);
  return runInSpan({ spanName: `invoke_workflow ${toldName(name)}`, name }, { ...options, kind: "workflow" }, work);
}

/** Runs `work` as a task, one step of a workflow: a span of its name. Hands on what it returns or throws. */
export function withTask<T>(name: string, work: SpanWork<T>): T;
export function withTask<T>(name: string, options: StepOptions, work: SpanWork<T>): T;
export function withTask<T>(name: string, second: StepOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const { options, work } = readCall("withTask", second, third);
  return runInSpan({ spanName: name, name }, { ...options, kind: "task" }, work);
}
