import type { OpenAI } from "openai";
import type { ChatRequest } from "./chat-request.ts";
import type { ScriptedAnswer } from "./script.ts";
import { hashOf } from "./text-vector.ts";

/** English has about four letters to a token. */
const LETTERS_PER_TOKEN = 4;
/** OpenAI caches prompts from 1,024 tokens on, in steps of 128. */
const SHORTEST_CACHED = 1024;
const CACHE_STEP = 128;

/** Tokens of a text, about. */
export function tokensOf(text: string): number {
  return Math.ceil(text.length / LETTERS_PER_TOKEN);
}

/** Counts tokens as a provider does, and remembers which beginnings of prompts it has seen. */
export class UsageCounter {
  readonly #seen = new Set<number>();

  count(request: ChatRequest, answer: ScriptedAnswer): OpenAI.CompletionUsage {
    const { prompt, cached } = this.#promptTokens(request);
    const reasoning = answer.reasoningTokens ?? 0;
    const said =
      tokensOf(answer.content ?? "") + tokensOf(answer.calls === undefined ? "" : JSON.stringify(answer.calls));
    return {
      prompt_tokens: prompt,
      completion_tokens: said + reasoning,
      total_tokens: prompt + said + reasoning,
      prompt_tokens_details: { cached_tokens: cached, audio_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: reasoning, audio_tokens: 0 },
    };
  }

  #promptTokens(request: ChatRequest): { prompt: number; cached: number } {
    let text = `${request.model}${JSON.stringify(request.tools ?? [])}`;
    let tokens = tokensOf(text) + 3;
    let known = 0;
    for (const message of request.messages) {
      const json = JSON.stringify(message);
      text += json;
      tokens += tokensOf(json);
      const hash = hashOf(text);
      if (this.#seen.has(hash)) known = tokens;
      this.#seen.add(hash);
    }
    return { prompt: tokens, cached: known < SHORTEST_CACHED ? 0 : Math.floor(known / CACHE_STEP) * CACHE_STEP };
  }
}
