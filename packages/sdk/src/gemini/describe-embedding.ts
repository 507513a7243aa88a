import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf } from "../json/read-json.ts";
import { copyInteger } from "../reading/attributes.ts";
import { countField, setTokenCounts, sumOf } from "../reading/token-counts.ts";
import type { Call } from "../wire.ts";
import { contentParts } from "./content-parts.ts";
import { protoField, protoText } from "./proto-field.ts";

/**
 * Whether this is a request for embeddings: one content, a list of such requests, or Vertex AI's
 * instances, which also draw pictures elsewhere.
 */
export function isEmbedding(request: unknown): boolean {
  if (recordOf(field(request, "content")) !== undefined || listField(request, "requests").length > 0) return true;
  return listField(request, "instances").some((instance) => field(instance, "content") !== undefined);
}

/** What was asked. Vectors are never sent along. */
export function setEmbeddingRequest(attributes: AttributeMap, request: unknown, captureContent: boolean): void {
  const [first] = listField(request, "requests");
  const told = field(request, "parameters") ?? first ?? request;
  copyInteger(
    attributes,
    "gen_ai.embeddings.dimension.count",
    { size: protoField(told, "outputDimensionality") },
    "size",
  );
  const task = protoText(told, "taskType") ?? protoText(listField(request, "instances")[0], "taskType");
  if (task !== undefined) attributes.set("telltale.embeddings.task", task);
  if (captureContent) setInput(attributes, request);
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const whole = field(request, "content") === undefined ? [] : [request];
  const each = [...whole, ...listField(request, "requests"), ...listField(request, "instances")];
  const messages = each.map((item) => ({ role: "user", parts: contentParts(field(item, "content")) }));
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}

/** What was answered. */
export function setEmbeddingAnswer(attributes: AttributeMap, call: Call): void {
  // Thousands of vectors may be cut in the middle; the usage stands behind them.
  const answer = call.cutShort ? endOf(call.responseBody) : parseJson(call.responseBody);
  const usage = protoField(answer, "usageMetadata");
  const predictions = listField(answer, "predictions").map((prediction) => field(prediction, "embeddings"));
  const counted = predictions.map((each) => countField(field(each, "statistics"), "token_count"));
  setTokenCounts(attributes, { input: countField(usage, "promptTokenCount") ?? sumOf(...counted) });
  const one = field(answer, "embedding");
  const vectors = [...(one === undefined ? [] : [one]), ...listField(answer, "embeddings"), ...predictions];
  if (vectors.length > 0) attributes.set("telltale.embeddings.count", vectors.length);
  const size = listField(vectors[0], "values").length;
  if (size > 0) attributes.set("gen_ai.embeddings.dimension.count", size);
}

function endOf(body: string): unknown {
  const count = /"promptTokenCount"\s*:\s*(\d{1,15})/.exec(body.slice(-4096))?.[1];
  return count === undefined ? undefined : { usageMetadata: { promptTokenCount: Number(count) } };
}
