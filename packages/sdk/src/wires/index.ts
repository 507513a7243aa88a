// Written by scripts/lists.mjs: run npm run lists.
import type { Wire } from "../wire.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiEmbeddings } from "./openai-embeddings.ts";
import { openaiResponses } from "./openai-responses.ts";

/** Every wire, by name. */
export const wires: readonly Wire[] = [openaiChat, openaiEmbeddings, openaiResponses];
