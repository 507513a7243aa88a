import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { setUsage } from "../openai/usage.ts";
import { copyInteger, copyText } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import type { Call, Reading } from "../wire.ts";
import { setCohereUsage } from "./usage.ts";

/**
 * Reads a rerank of Cohere or of one of the many who ask in its shape: Jina, Voyage, Together, vLLM,
 * llama.cpp, and text-embeddings-inference with `texts` and a bare list for an answer.
 */
export function readRerank(call: Call, request: unknown, captureContent: boolean): Reading | undefined {
  const query = textField(request, "query");
  const documents = [...listField(request, "documents"), ...listField(request, "texts")];
  if (recordOf(request) !== undefined && (query === undefined || documents.length === 0)) return undefined;
  const attributes: AttributeMap = new Map([["gen_ai.operation.name", "rerank"]]);
  const model = textField(request, "model");
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  copyInteger(attributes, "gen_ai.retrieval.top_k", request, "top_k");
  copyInteger(attributes, "gen_ai.retrieval.top_k", request, "top_n");
  if (documents.length > 0) attributes.set("telltale.rerank.documents.count", documents.length);
  if (captureContent && query !== undefined) attributes.set("gen_ai.retrieval.query.text", query);
  const failure = failureOf(call);
  if (failure === undefined) setAnswer(attributes, call, { documents, captureContent });
  return { name: model === undefined ? "rerank" : `rerank ${model}`, kind: "rerank", attributes, failure };
}

interface Context {
  readonly documents: readonly unknown[];
  readonly captureContent: boolean;
}

function setAnswer(attributes: AttributeMap, call: Call, { documents, captureContent }: Context): void {
  const answer = parseJson(call.responseBody);
  copyText(attributes, "gen_ai.response.id", answer, "id");
  copyText(attributes, "gen_ai.response.model", answer, "model");
  setUsage(attributes, field(answer, "usage"));
  setCohereUsage(attributes, field(answer, "meta"));
  // Jina and Voyage tell a total, which is all input.
  const total = numberField(field(answer, "usage"), "total_tokens");
  if (total !== undefined && !attributes.has("gen_ai.usage.input_tokens")) {
    attributes.set("gen_ai.usage.input_tokens", total);
  }
  const results = Array.isArray(answer)
    ? (answer as readonly unknown[])
    : [...listField(answer, "results"), ...listField(answer, "data")];
  if (results.length === 0) return;
  const found = results.map((result) => {
    const index = numberField(result, "index");
    const score = numberField(result, "relevance_score") ?? numberField(result, "score");
    const content = captureContent ? contentOf(field(result, "document") ?? documents[index ?? -1]) : undefined;
    return {
      ...(index === undefined ? {} : { id: String(index) }),
      ...(score === undefined ? {} : { score }),
      ...(content === undefined ? {} : { content }),
    };
  });
  attributes.set("gen_ai.retrieval.documents", JSON.stringify(found));
}

/** A text, `{ text }`, or fields of which some were ranked. */
function contentOf(document: unknown): string | undefined {
  if (typeof document === "string") return document;
  if (recordOf(document) === undefined) return undefined;
  return textField(document, "text") ?? JSON.stringify(document);
}
