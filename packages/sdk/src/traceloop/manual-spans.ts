import { runtime } from "../runtime.ts";
import type { ActiveSpan } from "../span/active-span.ts";
import { describeValue } from "../span/describe-value.ts";
import { recordRetrieval, withRetrieval } from "../span/with-retrieval.ts";
import { runInSpan } from "../span/with-span.ts";
import { currentSpan } from "../span/update-current-span.ts";

interface ReportedMessage {
  role: string;
  content?: unknown;
}

/** A model call that the program tells of itself. */
export class LLMSpan {
  readonly #span: ActiveSpan;

  constructor(span: ActiveSpan) {
    this.#span = span;
  }

  /** What is asked. */
  reportRequest({ model, messages }: { model: string; messages: ReportedMessage[] }): void {
    this.#span.setAttribute("gen_ai.request.model", model);
    const told = messages.map(({ role, content }) => ({ role, parts: [{ type: "text", content: textOf(content) }] }));
    if (runtime.pipeline?.captureContent === true) {
      this.#span.setAttribute("gen_ai.input.messages", JSON.stringify(told));
    }
  }

  /** What was answered, and how much it took. */
  reportResponse(response: {
    model: string;
    usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
    completions?: {
      finish_reason: string;
      message: { role: "system" | "user" | "assistant"; content: string | null };
    }[];
  }): void {
    const { model, usage, completions = [] } = response;
    this.#span.setAttribute("gen_ai.response.model", model);
    if (usage !== undefined) {
      this.#span.setAttribute("gen_ai.usage.input_tokens", usage.prompt_tokens);
      this.#span.setAttribute("gen_ai.usage.output_tokens", usage.completion_tokens);
    }
    if (completions.length === 0) return;
    this.#span.setAttribute(
      "gen_ai.response.finish_reasons",
      completions.map(({ finish_reason }) => finish_reason),
    );
    const told = completions.map(({ finish_reason, message: { role, content } }) => {
      return { role, parts: [{ type: "text", content: content ?? "" }], finish_reason };
    });
    if (runtime.pipeline?.captureContent === true) {
      this.#span.setAttribute("gen_ai.output.messages", JSON.stringify(told));
    }
  }
}

interface ReportedResult {
  ids?: string;
  scores?: number;
  distances?: number;
  metadata?: Record<string, unknown>;
  vectors?: number[];
  documents?: string;
}

/** A query of a vector store that the program tells of itself. */
export class VectorSpan {
  readonly #span: ActiveSpan;

  constructor(span: ActiveSpan) {
    this.#span = span;
  }

  /** The vector itself is never sent. */
  reportQuery({ queryVector }: { queryVector: number[] }): void {
    this.#span.setAttribute("gen_ai.embeddings.dimension.count", queryVector.length);
  }

  /** What was found. */
  reportResults({ results }: { results: ReportedResult[] }): void {
    const documents = results.map(({ ids, scores, distances, metadata, documents: content }) => {
      const score = scores ?? distances;
      return {
        ...(ids === undefined ? {} : { id: ids }),
        ...(score === undefined ? {} : { score }),
        ...(content === undefined ? {} : { content }),
        ...(metadata === undefined ? {} : { metadata }),
      };
    });
    recordRetrieval(documents);
  }
}

/** Runs the function as a model call that it tells of itself. */
export function withLLMCall<T>(
  { vendor, type }: { vendor: string; type: "chat" | "completion" },
  fn: (call: { span: LLMSpan }) => T,
  thisArg?: unknown,
): T {
  const attributes = {
    "telltale.span.kind": "llm",
    "gen_ai.operation.name": type === "chat" ? "chat" : "text_completion",
    "gen_ai.provider.name": vendor.toLowerCase(),
  };
  const name = `${vendor}.${type}`;
  return runInSpan({ spanName: name, name }, { kind: "span", attributes, captureOutput: false }, (span) =>
    Reflect.apply(fn, thisArg, [{ span: new LLMSpan(span) }]),
  );
}

/** Runs the function as a query of a vector store that it tells of itself. */
export function withVectorDBCall<T>(
  { vendor, type }: { vendor: string; type: "query" | "upsert" | "delete" },
  fn: (call: { span: VectorSpan }) => T,
  thisArg?: unknown,
): T {
  const options = { attributes: { "db.system.name": vendor, "db.operation.name": type }, captureOutput: false };
  return withRetrieval(vendor, options, (span) => Reflect.apply(fn, thisArg, [{ span: new VectorSpan(span) }]));
}

/** A number of the program's own on the active span. */
export function reportCustomMetric(metricName: string, metricValue: number): void {
  currentSpan()?.setAttribute(`telltale.metric.${metricName}`, metricValue);
}

function textOf(content: unknown): string {
  return describeValue(content) ?? "";
}
