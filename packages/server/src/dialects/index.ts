// Written by `npm run lists` from the files of this folder.
import type { Dialect } from "../dialect.ts";
import { braintrust } from "./braintrust.ts";
import { claudeCode } from "./claude-code.ts";
import { crewai } from "./crewai.ts";
import { genAi } from "./gen-ai.ts";
import { genkit } from "./genkit.ts";
import { googleAdk } from "./google-adk.ts";
import { haystack } from "./haystack.ts";
import { laminar } from "./laminar.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { livekit } from "./livekit.ts";
import { llamaIndex } from "./llama-index.ts";
import { mastra } from "./mastra.ts";
import { mlflow } from "./mlflow.ts";
import { openaiAgents } from "./openai-agents.ts";
import { openinference } from "./openinference.ts";
import { openlit } from "./openlit.ts";
import { openllmetry } from "./openllmetry.ts";
import { posthog } from "./posthog.ts";
import { pydanticAi } from "./pydantic-ai.ts";
import { sentry } from "./sentry.ts";
import { springAi } from "./spring-ai.ts";
import { telltale } from "./telltale.ts";
import { vercelAi } from "./vercel-ai.ts";

/** Every part of this folder, by name. */
export const dialects: readonly Dialect[] = [
  braintrust,
  claudeCode,
  crewai,
  genAi,
  genkit,
  googleAdk,
  haystack,
  laminar,
  langfuse,
  langsmith,
  livekit,
  llamaIndex,
  mastra,
  mlflow,
  openaiAgents,
  openinference,
  openlit,
  openllmetry,
  posthog,
  pydanticAi,
  sentry,
  springAi,
  telltale,
  vercelAi,
];
