import type { ServerResponse } from "node:http";
import { tokensOf } from "./count-usage.ts";
import { type ModelContext, sendJson } from "./model-context.ts";
import { textVector } from "./text-vector.ts";

/** A request as it comes in. */
export interface EmbeddingRequest {
  readonly model: string;
  readonly input: string | readonly string[];
  readonly encoding_format?: "float" | "base64";
}

/** Answers `POST /v1/embeddings`. */
export async function answerEmbeddings(
  { model, input, encoding_format: format }: EmbeddingRequest,
  response: ServerResponse,
  context: ModelContext,
): Promise<void> {
  const texts = typeof input === "string" ? [input] : input;
  const tokens = texts.reduce((sum, text) => sum + tokensOf(text), 0);
  await context.pace.speak(4);
  sendJson(response, 200, {
    object: "list",
    data: texts.map((text, index) => ({ object: "embedding", index, embedding: encode(textVector(text), format) })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function encode(vector: readonly number[], format: EmbeddingRequest["encoding_format"]): readonly number[] | string {
  return format === "base64" ? Buffer.from(Float32Array.from(vector).buffer).toString("base64") : vector;
}
