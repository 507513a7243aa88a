import type { ChatRequest } from "./chat-request.ts";

/** A tool that the scripted model calls. */
export interface ScriptedCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the scripted model says. */
export interface ScriptedAnswer {
  readonly content?: string;
  readonly calls?: readonly ScriptedCall[];
  /** Tokens of thinking that are billed and not shown. */
  readonly reasoningTokens?: number;
}

/** One character of the scripted model: which requests it answers, and how. */
export interface Script {
  plays(request: ChatRequest): boolean;
  answer(request: ChatRequest): ScriptedAnswer;
}
