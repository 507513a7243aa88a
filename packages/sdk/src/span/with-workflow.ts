import { runInSpan, type SpanOptions, type SpanWork } from "./with-span.ts";

/** What can be told about a workflow or a task when it begins. */
export type StepOptions = Omit<SpanOptions, "kind">;

/**
 * Runs `work` as a workflow, the whole that a user asked for: a span `invoke_workflow {name}`.
 * Hands on what `work` returns or throws, as `withSpan` does.
 */
export function withWorkflow<T>(name: string, work: SpanWork<T>): T;
export function withWorkflow<T>(name: string, options: StepOptions, work: SpanWork<T>): T;
export function withWorkflow<T>(name: string, second: StepOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const work = typeof second === "function" ? second : third;
  if (work === undefined) throw new TypeError("withWorkflow needs a function: withWorkflow(name, fn).");
  const options = typeof second === "function" ? {} : second;
  return runInSpan({ spanName: `invoke_workflow ${name}`, name }, { ...options, kind: "workflow" }, work);
}

/** Runs `work` as a task, one step of a workflow: a span of its name. Hands on what it returns or throws. */
export function withTask<T>(name: string, work: SpanWork<T>): T;
export function withTask<T>(name: string, options: StepOptions, work: SpanWork<T>): T;
export function withTask<T>(name: string, second: StepOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const work = typeof second === "function" ? second : third;
  if (work === undefined) throw new TypeError("withTask needs a function: withTask(name, fn).");
  const options = typeof second === "function" ? {} : second;
  return runInSpan({ spanName: name, name }, { ...options, kind: "task" }, work);
}
