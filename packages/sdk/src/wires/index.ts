// Written by `npm run lists` from the files of this folder.
import type { Wire } from "../wire.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { bedrockConverse } from "./bedrock-converse.ts";
import { bedrockInvoke } from "./bedrock-invoke.ts";
import { chroma } from "./chroma.ts";
import { cohere } from "./cohere.ts";
import { elasticsearch } from "./elasticsearch.ts";
import { gemini } from "./gemini.ts";
import { llamaCpp } from "./llama-cpp.ts";
import { mistral } from "./mistral.ts";
import { ollama } from "./ollama.ts";
import { openaiAudio } from "./openai-audio.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiImages } from "./openai-images.ts";
import { openaiModeration } from "./openai-moderation.ts";
import { openaiResponses } from "./openai-responses.ts";
import { pinecone } from "./pinecone.ts";
import { qdrant } from "./qdrant.ts";
import { weaviate } from "./weaviate.ts";
import { weaviateGrpc } from "./weaviate-grpc.ts";

/** Every part of this folder, by name. */
export const wires: readonly Wire[] = [
  anthropicMessages,
  bedrockConverse,
  bedrockInvoke,
  chroma,
  cohere,
  elasticsearch,
  gemini,
  llamaCpp,
  mistral,
  ollama,
  openaiAudio,
  openaiChat,
  openaiCompletions,
  openaiEmbeddings,
  openaiImages,
  openaiModeration,
  openaiResponses,
  pinecone,
  qdrant,
  weaviate,
  weaviateGrpc,
];
