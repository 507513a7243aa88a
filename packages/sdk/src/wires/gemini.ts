import type { AttributeMap } from "../attribute-value.ts";
import { isEmbedding, setEmbeddingAnswer, setEmbeddingRequest } from "../gemini/describe-embedding.ts";
import {
  type GenerationContext,
  isRefusal,
  setFirstChunk,
  setGenerationAnswer,
  setGenerationRequest,
} from "../gemini/describe-generation.ts";
import { chunksOf, generatedAnswer } from "../gemini/generated-answer.ts";
import { parseJson, recordOf, textField } from "../json/read-json.ts";
import { failureIn, failureOf } from "../reading/failure.ts";
import { outcomeOfStream } from "../reading/stream-outcome.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/**
 * Google's Gemini, at the Gemini API and on Vertex AI: generateContent, streamGenerateContent (events
 * or one JSON list), and embeddings by embedContent, batchEmbedContents and predict.
 */
export const gemini: Wire = {
  name: "gemini",
  provider: "gcp.gemini",
  claims: ({ path }) =>
    path.endsWith("enerateContent")
      ? path.endsWith(":generateContent") || path.endsWith(":streamGenerateContent")
      : path.endsWith(":embedContent") ||
        path.endsWith(":batchEmbedContents") ||
        (path.endsWith(":predict") && path.includes("/publishers/google/models/")),
  read(call, { captureContent }): Reading | undefined {
    const request = parseJson(call.requestBody);
    const { path } = call.request;
    const isEmbed = !path.endsWith("enerateContent") && (isEmbedding(request) || path.includes("mbedContent"));
    // Vertex AI predicts with models of every kind; only embeddings are read.
    if (!isEmbed && path.endsWith(":predict") && recordOf(request) !== undefined) return undefined;
    const operation = isEmbed ? "embeddings" : "generate_content";
    const attributes: AttributeMap = new Map([["gen_ai.operation.name", operation]]);
    const model = modelInPath(path) ?? textField(request, "model");
    if (model !== undefined) attributes.set("gen_ai.request.model", model);
    if (path.includes("/publishers/") || path.includes("/projects/"))
      attributes.set("gen_ai.provider.name", "gcp.vertex_ai");
    const failure = failureOf(call, failureOfList);
    const name = model === undefined ? operation : `${operation} ${model}`;
    if (!isEmbed)
      return {
        name,
        kind: "llm",
        attributes,
        ...readGeneration(call, request, { attributes, captureContent, failure }),
      };
    setEmbeddingRequest(attributes, request, captureContent);
    if (failure === undefined) setEmbeddingAnswer(attributes, call);
    return { name, kind: "embedding", attributes, failure };
  },
};

/** `…/models/gemini-2.5-flash:generateContent`; a model of one's own is `…/endpoints/123:…`. */
function modelInPath(path: string): string | undefined {
  return /\/([^/:]+):\w+$/.exec(path)?.[1];
}

/** A stream that is one list tells also its failure in a list. */
function failureOfList(value: unknown): Reading["failure"] {
  return failureIn(Array.isArray(value) ? (value as readonly unknown[])[0] : value);
}

interface Described {
  readonly attributes: AttributeMap;
  readonly captureContent: boolean;
  readonly failure: Reading["failure"];
}

function readGeneration(
  call: Call,
  request: unknown,
  { attributes, captureContent, failure }: Described,
): Pick<Reading, "failure" | "outcome"> {
  const streamed = call.request.path.endsWith(":streamGenerateContent");
  if (streamed) attributes.set("gen_ai.request.stream", true);
  setGenerationRequest(attributes, request, captureContent);
  if (failure !== undefined) return { failure };
  const answer = generatedAnswer(chunksOf(call.responseBody, call.contentType));
  if (answer === undefined)
    return streamed && call.status !== undefined ? outcomeOfStream(call, { finished: false }) : {};
  const context: GenerationContext = {
    request,
    millisecondsAt: (character) => call.millisecondsAt(character),
    captureContent,
  };
  setGenerationAnswer(attributes, answer, context);
  if (streamed) setFirstChunk(attributes, answer, context);
  return {
    failure: answer.failure,
    ...(streamed ? outcomeOfStream(call, answer) : {}),
    ...(isRefusal(answer) ? { outcome: "refused" } : {}),
  };
}
