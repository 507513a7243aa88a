import type { Json, UsageLine } from "@telltale/model";
import { isArray, memberOf, objectIn, textIn } from "./json-of.ts";
import { providerUsage } from "./provider-usage.ts";

/** What a model's raw answer tells beside its messages. */
export interface ResponseFacts {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly serviceTier?: string | undefined;
  readonly finishReason?: string | undefined;
  readonly usage: readonly UsageLine[];
  /** Anthropic's split of one answer over several models or passes. */
  readonly hasIterations: boolean;
  /** Tokens written to a cache that lives for an hour. */
  readonly cacheWriteHour?: number | undefined;
}

/** Facts of an answer as OpenAI's and Anthropic's APIs or LangChain write it. */
export function responseFacts(response: Json | undefined): ResponseFacts {
  const generation = firstGeneration(response);
  const message = objectIn(objectIn(generation, "message"), "kwargs");
  const metadata = objectIn(message, "response_metadata");
  // A stream's facts are gathered beside the message.
  const info = objectIn(generation, "generationInfo") ?? objectIn(generation, "generation_info");
  const usage = objectIn(response, "usage") ?? objectIn(metadata, "usage") ?? objectIn(message, "usage_metadata");
  const model =
    textIn(response, "model") ??
    textIn(metadata, "model_name") ??
    textIn(metadata, "model") ??
    textIn(info, "model_name");
  const choice = firstOf(memberOf(response, "choices"));
  const hour = memberOf(objectIn(usage, "cache_creation"), "ephemeral_1h_input_tokens");
  return {
    id: textIn(response, "id") ?? textIn(message, "id"),
    model,
    serviceTier: textIn(response, "service_tier") ?? textIn(usage, "service_tier") ?? textIn(info, "service_tier"),
    finishReason:
      textIn(choice, "finish_reason") ??
      textIn(response, "stop_reason") ??
      textIn(metadata, "finish_reason") ??
      textIn(info, "finish_reason"),
    usage: providerUsage(usage, model),
    hasIterations: isArray(memberOf(usage, "iterations")),
    cacheWriteHour: typeof hour === "number" && Number.isSafeInteger(hour) && hour >= 0 ? hour : undefined,
  };
}

/** LangChain: `generations: [[{text, message}]]`. */
function firstGeneration(response: Json | undefined): Json | undefined {
  const list = memberOf(response, "generations");
  const first = firstOf(list);
  return isArray(first) ? firstOf(first) : first;
}

function firstOf(value: Json | undefined): Json | undefined {
  return isArray(value) ? value[0] : undefined;
}
