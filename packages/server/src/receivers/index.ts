// Written by `npm run lists` from the files of this folder.
import type { Receiver } from "../receiver.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { openaiAgents } from "./openai-agents.ts";
import { otlpGrpc } from "./otlp-grpc.ts";
import { otlpHttp } from "./otlp-http.ts";

/** Every part of this folder, by name. */
export const receivers: readonly Receiver[] = [langfuse, langsmith, openaiAgents, otlpGrpc, otlpHttp];
