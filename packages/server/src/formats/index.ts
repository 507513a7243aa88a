// Written by `npm run lists` from the files of this folder.
import type { Format } from "../format.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { openaiAgents } from "./openai-agents.ts";

/** Every part of this folder, by name. */
export const formats: readonly Format[] = [langfuse, langsmith, openaiAgents];
