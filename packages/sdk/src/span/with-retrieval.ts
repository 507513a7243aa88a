import { currentScope, runtime } from "../runtime.ts";
import { describeValue } from "./describe-value.ts";
import { documentsOf, type RetrievedDocument } from "./retrieved-documents.ts";
import { readCall, runInSpan, type SpanOptions, type SpanWork } from "./with-span.ts";
import { toldName } from "./told-name.ts";

/** What can be told about a retrieval when it begins. */
export interface RetrievalOptions extends Omit<SpanOptions, "kind" | "input"> {
  readonly query?: string;
  /** How many documents are asked for. */
  readonly topK?: number;
}

/**
 * Runs `work` as a retrieval from the source `name`: a span `retrieval {name}`. When it returns a
 * list of documents they are recorded; else call `recordRetrieval` inside. Hands on what `work`
 * returns or throws, as `withSpan` does.
 */
export function withRetrieval<T>(name: string, work: SpanWork<T>): T;
export function withRetrieval<T>(name: string, options: RetrievalOptions, work: SpanWork<T>): T;
export function withRetrieval<T>(name: string, second: RetrievalOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const { options: told, work } = readCall("withRetrieval", second, third);
  const { query, topK, ...options } = told;
  const attributes = { ...(topK === undefined ? {} : { "gen_ai.retrieval.top_k": topK }), ...options.attributes };
  return runInSpan(
    { spanName: `retrieval ${toldName(name)}`, name },
    { ...options, kind: "retrieval", input: query, attributes },
    work,
  );
}

/** Where recorded documents came from. */
export interface RecordedRetrieval {
  readonly query?: string;
  /** Default `documents`. */
  readonly source?: string;
}

/**
 * Records the documents that a search in the program's own knowledge returned: on the active
 * span when that is a retrieval, else as a retrieval of its own below it.
 */
export function recordRetrieval(documents: readonly RetrievedDocument[], told: RecordedRetrieval = {}): void {
  const { pipeline } = runtime;
  if (pipeline === undefined) return;
  const options: RecordedRetrieval = told ?? {};
  const span = currentScope()?.span;
  if (span?.attributes.get("gen_ai.operation.name") !== "retrieval") {
    const { query } = options;
    withRetrieval(options.source ?? "documents", query === undefined ? {} : { query }, () => documents);
    return;
  }
  const found = pipeline.captureContent ? documentsOf(documents) : undefined;
  const text = describeValue(found);
  if (text !== undefined) span.attributes.set("gen_ai.retrieval.documents", text);
  if (typeof options.query === "string" && pipeline.captureContent) {
    span.attributes.set("gen_ai.retrieval.query.text", options.query);
  }
}
