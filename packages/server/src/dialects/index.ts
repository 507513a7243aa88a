// Written by `npm run lists` from the files of this folder.
import type { Dialect } from "../dialect.ts";
import { genAi } from "./gen-ai.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { mastra } from "./mastra.ts";
import { openaiAgents } from "./openai-agents.ts";
import { openinference } from "./openinference.ts";
import { openlit } from "./openlit.ts";
import { openllmetry } from "./openllmetry.ts";
import { telltale } from "./telltale.ts";
import { vercelAi } from "./vercel-ai.ts";

/** Every part of this folder, by name. */
export const dialects: readonly Dialect[] = [
  genAi,
  langfuse,
  langsmith,
  mastra,
  openaiAgents,
  openinference,
  openlit,
  openllmetry,
  telltale,
  vercelAi,
];
