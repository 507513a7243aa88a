// Written by `npm run lists` from the files of this folder.
import type { Hook } from "../hook.ts";
import { langchain } from "./langchain.ts";
import { openaiAgents } from "./openai-agents.ts";
import { vercelAi } from "./vercel-ai.ts";

/** Every part of this folder, by name. */
export const hooks: readonly Hook[] = [langchain, openaiAgents, vercelAi];
