import type { Json, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { JsonObject } from "./json-of.ts";
import { countIn, isArray, isObject, memberOf, objectIn, textIn } from "./json-of.ts";

/** More billed parts than this are not one response's; the rest is left out. */
const MAX_ITERATIONS = 100;

/**
 * Usage lines of a usage object as a provider's API or LangChain writes it: OpenAI (chat,
 * responses), Anthropic, Gemini, Bedrock, LangChain's `usage_metadata`. Empty for anything else.
 */
export function providerUsage(usage: Json | undefined, model?: string): readonly UsageLine[] {
  if (!isObject(usage)) return [];
  const iterations = memberOf(usage, "iterations");
  if (isArray(iterations)) {
    const lines = iterations.slice(0, MAX_ITERATIONS).flatMap((each) => iterationUsage(each, model));
    if (lines.length > 0) return withWhole(lines, lineOf(usage, model));
  }
  const line = lineOf(usage, model);
  return line ? [line] : [];
}

/** Anthropic bills the steps inside one response, of which some run on another model (rule 10). */
function iterationUsage(iteration: Json, model: string | undefined): readonly UsageLine[] {
  if (!isObject(iteration)) return [];
  const line = anthropicLine(iteration, textIn(iteration, "model") ?? model);
  return line ? [line] : [];
}

/** Reasoning and searches are told for the whole answer only: they go to its first step. */
function withWhole(lines: readonly UsageLine[], whole: UsageLine | undefined): readonly UsageLine[] {
  const [first, ...rest] = lines;
  const output = first?.buckets.output ?? 0;
  const reasoning = Math.min(whole?.buckets.reasoning ?? 0, output);
  if (!first || (reasoning === 0 && !whole?.units)) return lines;
  const buckets = reasoning === 0 ? first.buckets : { ...first.buckets, output: output - reasoning, reasoning };
  return [{ ...first, buckets, ...(whole?.units ? { units: whole.units } : {}) }, ...rest];
}

function lineOf(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  if ("promptTokens" in usage || "completionTokens" in usage) return langChainLine(usage, model);
  if ("prompt_tokens" in usage || "completion_tokens" in usage) return chatLine(usage, model);
  if ("promptTokenCount" in usage || "candidatesTokenCount" in usage || "responseTokenCount" in usage)
    return geminiLine(usage, model);
  if ("cache_read_input_tokens" in usage || "cache_creation_input_tokens" in usage) return anthropicLine(usage, model);
  if ("input_tokens" in usage || "output_tokens" in usage) return inclusiveLine(usage, model);
  if ("inputTokens" in usage || "outputTokens" in usage) return bedrockLine(usage, model);
  return undefined;
}

function chatLine(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  const input = objectIn(usage, "prompt_tokens_details");
  const output = objectIn(usage, "completion_tokens_details");
  return usageLine(
    {
      input: countIn(usage, "prompt_tokens"),
      output: countIn(usage, "completion_tokens"),
      cacheRead: countIn(input, "cached_tokens") ?? countIn(usage, "prompt_cache_hit_tokens"),
      cacheWrite: countIn(input, "cache_write_tokens"),
      inputAudio: countIn(input, "audio_tokens"),
      reasoning: countIn(output, "reasoning_tokens"),
      outputAudio: countIn(output, "audio_tokens"),
    },
    { model },
  );
}

/** LangChain.js before its messages told usage: `llmOutput.tokenUsage`. */
function langChainLine(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  return usageLine({ input: countIn(usage, "promptTokens"), output: countIn(usage, "completionTokens") }, { model });
}

function anthropicLine(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  const created = objectIn(usage, "cache_creation");
  const searches = countIn(objectIn(usage, "server_tool_use"), "web_search_requests");
  return usageLine(
    {
      input: countIn(usage, "input_tokens"),
      output: countIn(usage, "output_tokens"),
      cacheRead: countIn(usage, "cache_read_input_tokens"),
      cacheWrite: countIn(usage, "cache_creation_input_tokens"),
      cacheWriteHour: countIn(created, "ephemeral_1h_input_tokens"),
      reasoning: countIn(objectIn(usage, "output_tokens_details"), "thinking_tokens"),
    },
    { model, cachedApart: true },
    searches === undefined ? undefined : { web_search: searches },
  );
}

/** OpenAI's responses API and LangChain's `usage_metadata`: the same totals, other names of parts. */
function inclusiveLine(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  const input = objectIn(usage, "input_tokens_details") ?? objectIn(usage, "input_token_details");
  const output = objectIn(usage, "output_tokens_details") ?? objectIn(usage, "output_token_details");
  return usageLine(
    {
      input: countIn(usage, "input_tokens"),
      output: countIn(usage, "output_tokens"),
      cacheRead: countIn(input, "cached_tokens") ?? countIn(input, "cache_read"),
      cacheWrite: writtenIn(input),
      cacheWriteHour: countIn(input, "ephemeral_1h_input_tokens"),
      inputAudio: countIn(input, "audio_tokens") ?? countIn(input, "audio"),
      reasoning: countIn(output, "reasoning_tokens") ?? countIn(output, "reasoning"),
      outputAudio: countIn(output, "audio_tokens") ?? countIn(output, "audio"),
    },
    { model },
  );
}

/** All cache writes. LangChain sets `cache_creation` to 0 where it tells them by lifetime. */
function writtenIn(input: JsonObject | undefined): number | undefined {
  const all = countIn(input, "cache_creation") ?? countIn(input, "cache_write_tokens");
  const minutes = countIn(input, "ephemeral_5m_input_tokens");
  if (minutes === undefined) return all;
  return Math.max(all ?? 0, minutes + (countIn(input, "ephemeral_1h_input_tokens") ?? 0));
}

function geminiLine(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  // What its own tools read is counted beside the prompt.
  const prompt = [memberOf(usage, "promptTokensDetails"), memberOf(usage, "toolUsePromptTokensDetails")];
  const cached = [memberOf(usage, "cacheTokensDetails")];
  const answer = [memberOf(usage, "candidatesTokensDetails"), memberOf(usage, "responseTokensDetails")];
  return usageLine(
    {
      input: sumOf(countIn(usage, "promptTokenCount"), countIn(usage, "toolUsePromptTokenCount")),
      output: countIn(usage, "candidatesTokenCount") ?? countIn(usage, "responseTokenCount"),
      cacheRead: countIn(usage, "cachedContentTokenCount"),
      reasoning: countIn(usage, "thoughtsTokenCount"),
      inputAudio: ofModality(prompt, "AUDIO"),
      cacheReadAudio: ofModality(cached, "AUDIO"),
      inputImage: ofModality(prompt, "IMAGE", "DOCUMENT"),
      cacheReadImage: ofModality(cached, "IMAGE", "DOCUMENT"),
      inputVideo: ofModality(prompt, "VIDEO"),
      cacheReadVideo: ofModality(cached, "VIDEO"),
      outputAudio: ofModality(answer, "AUDIO"),
      outputImage: ofModality(answer, "IMAGE"),
      outputVideo: ofModality(answer, "VIDEO"),
    },
    { model, reasoningApart: true },
  );
}

function sumOf(first: number | undefined, second: number | undefined): number | undefined {
  return first === undefined ? second : first + (second ?? 0);
}

/** More kinds than these are no answer's. */
const MOST_MODALITIES = 50;

/** Tokens of some kinds (a document is billed as images) in Gemini's lists of `{ modality, tokenCount }`; `undefined` when none tells of it. */
function ofModality(lists: readonly (Json | undefined)[], ...modalities: readonly string[]): number | undefined {
  let sum: number | undefined;
  for (const list of lists)
    for (const each of isArray(list) ? list.slice(0, MOST_MODALITIES) : [])
      if (isObject(each) && modalities.includes(textIn(each, "modality") ?? ""))
        sum = sumOf(sum, countIn(each, "tokenCount"));
  return sum;
}

function bedrockLine(usage: JsonObject, model: string | undefined): UsageLine | undefined {
  return usageLine(
    {
      input: countIn(usage, "inputTokens"),
      output: countIn(usage, "outputTokens"),
      cacheRead: countIn(usage, "cacheReadInputTokens"),
      cacheWrite: countIn(usage, "cacheWriteInputTokens"),
    },
    { model, cachedApart: true },
  );
}
