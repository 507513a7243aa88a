import type { AttributeMap } from "../attribute-value.ts";
import { field, listField, parseJson, recordOf, textField } from "../json/read-json.ts";
import { wholeOrCut } from "../openai/cut-answer.ts";
import { headersOfProvider, setProvider } from "../openai/provider-shape.ts";
import { setUsage } from "../openai/usage.ts";
import { copyInteger, copyText } from "../reading/attributes.ts";
import { failureOf } from "../reading/failure.ts";
import { setEmbedded } from "../reading/embedded.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** OpenAI's embeddings, spoken by many providers and servers. Vectors are never sent along. */
export const openaiEmbeddings: Wire = {
  name: "openai-embeddings",
  headers: headersOfProvider,
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
    copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "output_dimension");
    copyInteger(attributes, "gen_ai.embeddings.dimension.count", request, "dimensions");
    if (captureContent) setEmbedded(attributes, Array.isArray(input) ? input : [input]);
    const failure = failureOf(call);
    const answer = failure === undefined ? wholeOrCut(call.responseBody) : undefined;
    if (answer !== undefined) setAnswer(attributes, answer, call);
    setProvider(attributes, call, answer);
    return {
      name: model === undefined ? "embeddings" : `embeddings ${model}`,
      kind: "embedding",
      attributes,
      failure,
    };
  },
};

function setAnswer(attributes: AttributeMap, answer: unknown, call: Call): void {
  copyText(attributes, "gen_ai.response.id", answer, "id");
  copyText(attributes, "gen_ai.response.model", answer, "model");
  setUsage(attributes, field(answer, "usage"));
  const vectors = listField(answer, "data");
  if (vectors.length > 0) attributes.set("telltale.embeddings.count", vectors.length);
  const size = sizeOf(field(vectors[0], "embedding"), call);
  if (size !== undefined) attributes.set("gen_ai.embeddings.dimension.count", size);
}

/** Numbers in a vector: a list, or 32-bit floats in base64 as the openai client asks for. */
function sizeOf(vector: unknown, call: Call): number | undefined {
  if (Array.isArray(vector)) return vector.length;
  if (typeof vector !== "string" || vector === "") return undefined;
  const bytes = Buffer.byteLength(vector, "base64");
  // Mistral's smaller types in base64: how many numbers these are depends on what was asked for.
  return /"output_dtype"/.test(call.requestBody ?? "") || bytes % 4 !== 0 ? undefined : bytes / 4;
}
