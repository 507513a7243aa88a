import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { copyInteger, copyText } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import { setUsage } from "../openai/usage.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** OpenAI's embeddings, spoken by many providers and servers. Vectors are never sent along. */
export const openaiEmbeddings: Wire = {
  name: "openai-embeddings",
  claims: ({ path }) => path.endsWith("/embeddings"),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const input = field(request, "input");
    // Other APIs have paths that end like this; only OpenAI's asks with `input`.
    if (recordOf(request) !== undefined && input === undefined) return undefined;
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", "embeddings"]]);
    const model = textField(request, "model") ?? /\/deployments\/([^/]+)\//.exec(call.request.path)?.[1];
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    const format = textField(request, "encoding_format");
    if (format !== undefined) attributes.set("gen_ai.request.encoding_formats", [format]);
    copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "dimensions");
    if (captureContent) setInput(attributes, input);
    const failure = failureOf(call);
    if (failure === undefined) setAnswer(attributes, call);
    return { name: model === undefined ? "embeddings" : `embeddings ${model}`, kind: "embedding", attributes, failure };
  },
};

function setInput(attributes: AttributeMap, input: unknown): void {
  const items: readonly unknown[] = Array.isArray(input) ? input : [input];
  const texts = items.filter((item) => typeof item === "string");
  if (texts.length === 0) return;
  const messages = texts.map((content) => ({ role: "user", parts: [{ type: "text", content }] }));
  attributes.set("gen_ai.input.messages", JSON.stringify(messages));
}

function setAnswer(attributes: AttributeMap, call: Call): void {
  // Thousands of vectors may be cut in the middle; the totals stand behind them.
  const answer = call.cutShort ? totalsOf(call.responseBody) : parseJson(call.responseBody);
  copyText(attributes, "gen_ai.response.model", answer, "model");
  setUsage(attributes, field(answer, "usage"));
  const vectors = listField(answer, "data");
  if (vectors.length > 0) attributes.set("telltale.embeddings.count", vectors.length);
  const size = sizeOf(field(vectors[0], "embedding"));
  if (size !== undefined) attributes.set("gen_ai.embeddings.dimension.count", size);
}

function totalsOf(body: string): unknown {
  const usage = /"usage"\s*:\s*(\{[^{}]*\})[^{}]*\}\s*$/.exec(body.slice(-4096));
  const model =
    /"model"\s*:\s*"([^"]{1,200})"/.exec(body.slice(-4096)) ??
    /"model"\s*:\s*"([^"]{1,200})"/.exec(body.slice(0, 4096));
  return { usage: parseJson(usage?.[1]), model: model?.[1] };
}

/** Numbers in a vector: a list, or 32-bit floats in base64 as the openai client asks for. */
function sizeOf(vector: unknown): number | undefined {
  if (Array.isArray(vector)) return vector.length;
  return typeof vector === "string" && vector !== "" ? Buffer.byteLength(vector, "base64") / 4 : undefined;
}
