import type { Attributes, Content, Json, SpanKind, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { countIn, isArray, isObject, objectIn, parseJson, textIn } from "../dialect/json-of.ts";
import { finishReason } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import { type ResponseFacts, responseFacts } from "../dialect/response-facts.ts";
import type { SpanRecord } from "../otlp/record.ts";

/** The OpenAI Agents SDK's own spans, as `formats/openai-agents.ts` gives them: the members of `span_data`. */
export const openaiAgents: Dialect = { name: "openai-agents", version: 1, claims, read };

const PREFIX = "openai.agents.";

const KINDS: ReadonlyMap<string, SpanKind> = new Map([
  ["trace", "workflow"],
  ["task", "workflow"],
  ["turn", "workflow"],
  ["agent", "agent"],
  ["generation", "llm"],
  ["response", "llm"],
  ["transcription", "llm"],
  ["speech", "llm"],
  ["function", "tool"],
  ["mcp_tools", "mcp"],
  ["handoff", "handoff"],
  ["guardrail", "guardrail"],
]);

function claims({ attributes }: SpanRecord): 0 | 3 {
  return attributes.has(`${PREFIX}type`) ? 3 : 0;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const data = jsonAt(attributes, "data");
  const type = textAt(attributes, `${PREFIX}type`) ?? "";
  const kind = KINDS.get(textIn(data, "sdk_span_type") ?? type) ?? "span";
  const isCall = kind === "llm";
  const answer = isCall ? answerIn(jsonAt(attributes, "output")) : undefined;
  const facts = isCall ? responseFacts(answer) : undefined;
  const input = inputOf(attributes, isCall);
  const output = outputOf(attributes, isCall, answer);
  return {
    kind,
    ...(isCall ? { provider: "openai", ...callFields(attributes, facts) } : {}),
    ...usageOf(attributes, data, facts),
    input,
    output,
    sessionId: textAt(attributes, `${PREFIX}group_id`),
    agentName: kind === "agent" ? span.name : textIn(data, "agent_name"),
    toolName: kind === "tool" ? span.name : undefined,
    consumed: [...consumedBy(input, `${PREFIX}input`), ...(isCall ? [] : consumedBy(output, `${PREFIX}output`))],
  };
}

function jsonAt(attributes: Attributes, member: string): Json | undefined {
  const text = textAt(attributes, PREFIX + member);
  return text === undefined ? undefined : parseJson(text);
}

/** A call of the Chat Completions API tells its answers as a list of one. */
function answerIn(output: Json | undefined): Json | undefined {
  if (!isArray(output)) return output;
  const [only] = output;
  return isObject(only) && ("choices" in only || "usage" in only) ? only : output;
}

function callFields(attributes: Attributes, facts: ResponseFacts | undefined): SpanFields {
  return {
    requestModel: textAt(attributes, `${PREFIX}model`),
    responseModel: facts?.model,
    responseId: textAt(attributes, `${PREFIX}response_id`) ?? facts?.id,
    serviceTier: facts?.serviceTier,
    finishReason: finishReason(facts?.finishReason),
  };
}

function usageOf(attributes: Attributes, data: Json | undefined, facts: ResponseFacts | undefined): SpanFields {
  const told = jsonAt(attributes, "usage") ?? objectIn(data, "usage") ?? jsonAt(attributes, "turn.usage");
  const lines = [turnUsage(told) ?? providerUsage(told), facts?.usage ?? []].find((each) => each.length > 0);
  return lines ? { usage: lines } : {};
}

/** Tokens of a turn or task: cached ones are inside the input. */
function turnUsage(usage: Json | undefined): readonly UsageLine[] | undefined {
  if (!isObject(usage) || !("cached_input_tokens" in usage || "cache_write_input_tokens" in usage)) return undefined;
  const line = usageLine({
    input: countIn(usage, "input_tokens"),
    output: countIn(usage, "output_tokens"),
    cacheRead: countIn(usage, "cached_input_tokens"),
    cacheWrite: countIn(usage, "cache_write_input_tokens"),
  });
  return line ? [line] : undefined;
}

function inputOf(attributes: Attributes, isCall: boolean): Content | undefined {
  const input = attributes.get(`${PREFIX}input`);
  return isCall ? messagesContent(input, "user", requestMessages) : anyContent(input);
}

function outputOf(attributes: Attributes, isCall: boolean, answer: Json | undefined): Content | undefined {
  const output = attributes.get(`${PREFIX}output`);
  if (!isCall) return anyContent(output);
  const messages = responseMessages(answer);
  return messages ? { type: "messages", messages } : messagesContent(output, "assistant", responseMessages);
}

function consumedBy(content: Content | undefined, key: string): readonly string[] {
  return content && content.type !== "masked" ? [key] : [];
}
