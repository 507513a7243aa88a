import type { AttributeMap } from "../attribute-value.ts";
import { lastObject } from "../json/last-object.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { contentParts } from "../openai/message-parts.ts";
import { copyInteger, copyText } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import { mediaOfDataUrl } from "../span/media.ts";
import type { Call, Reading } from "../wire.ts";
import { setCohereUsage } from "./usage.ts";

/** Reads an embedding of either version: `texts`, `images` or mixed `inputs`. Vectors are never sent along. */
export function readCohereEmbed(call: Call, request: unknown, captureContent: boolean): Reading | undefined {
  const given = field(request, "texts") ?? field(request, "images") ?? field(request, "inputs");
  if (recordOf(request) !== undefined && !Array.isArray(given)) return undefined;
  const attributes: AttributeMap = new Map([["gen_ai.operation.name", "embeddings"]]);
  const model = textField(request, "model");
  if (model !== undefined) attributes.set("gen_ai.request.model", model);
  const formats = listField(request, "embedding_types").filter((type) => typeof type === "string");
  if (formats.length > 0) attributes.set("gen_ai.request.encoding_formats", formats);
  copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "output_dimension");
  if (captureContent) setInput(attributes, request);
  const failure = failureOf(call);
  if (failure === undefined) setAnswer(attributes, call);
  return { name: model === undefined ? "embeddings" : `embeddings ${model}`, kind: "embedding", attributes, failure };
}

function setInput(attributes: AttributeMap, request: unknown): void {
  const inputs: readonly unknown[][] = [
    ...listField(request, "texts").map((text) => (typeof text === "string" ? contentParts(text) : [])),
    ...listField(request, "images").map((url) => [typeof url === "string" ? imagePart(url) : {}]),
    ...listField(request, "inputs").map((input) => contentParts(field(input, "content"))),
  ];
  const messages = inputs.filter((parts) => parts.length > 0).map((parts) => ({ role: "user", parts }));
  if (messages.length > 0) attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}

function imagePart(url: string): unknown {
  return mediaOfDataUrl(url, "image") ?? { type: "uri", modality: "image", uri: url };
}

function setAnswer(attributes: AttributeMap, call: Call): void {
  // Thousands of vectors may be cut in the middle; the totals stand behind them.
  const answer = parseJson(call.responseBody) ?? { meta: lastObject(call.responseBody, "meta") };
  copyText(attributes, "gen_ai.response.id", answer, "id");
  setCohereUsage(attributes, field(answer, "meta"));
  const embeddings = field(answer, "embeddings");
  const [vectors = []] = Array.isArray(embeddings) ? [embeddings as unknown[]] : listsIn(embeddings);
  if (vectors.length > 0) attributes.set("telltale.embeddings.count", vectors.length);
  const [first] = vectors;
  // Bits are packed by eight; what a vector in base64 holds depends on its type.
  const packed =
    Object.hasOwn(recordOf(embeddings) ?? {}, "binary") || Object.hasOwn(recordOf(embeddings) ?? {}, "ubinary");
  if (Array.isArray(first) && !packed) attributes.set("gen_ai.embeddings.dimension.count", first.length);
}

/** By type, as version 2 has them: `{ float: [[…]] }`. */
function listsIn(embeddings: unknown): unknown[][] {
  return Object.values(recordOf(embeddings) ?? {}).filter(
    (list) => Array.isArray(list) && list.length > 0,
  ) as unknown[][];
}
