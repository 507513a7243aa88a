// Written by `npm run lists` from the files of this folder.
import type { Wire } from "../wire.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { cohere } from "./cohere.ts";
import { llamaCpp } from "./llama-cpp.ts";
import { mistral } from "./mistral.ts";
import { ollama } from "./ollama.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiCompletions } from "./openai-completions.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiResponses } from "./openai-responses.ts";

/** Every part of this folder, by name. */
export const wires: readonly Wire[] = [
  anthropicMessages,
  cohere,
  llamaCpp,
  mistral,
  ollama,
  openaiChat,
  openaiCompletions,
  openaiEmbeddings,
  openaiResponses,
];
