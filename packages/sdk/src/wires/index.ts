// Written by `npm run lists` from the files of this folder.
import type { Wire } from "../wire.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiResponses } from "./openai-responses.ts";

/** Every part of this folder, by name. */
export const wires: readonly Wire[] = [anthropicMessages, openaiChat, openaiEmbeddings, openaiResponses];
