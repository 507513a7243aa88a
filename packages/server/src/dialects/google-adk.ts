import type { Attributes, Content, Json } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { anyContent, ofMessages } from "../dialect/content.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { objectIn, parseJson, textIn } from "../dialect/json-of.ts";
import { finishReason } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const PREFIX = "gcp.vertex.agent.";

/** Google's Agent Development Kit writes `{}` where content is switched off. */
function jsonAt(attributes: Attributes, key: string): Json | undefined {
  const value = attributes.get(PREFIX + key);
  return typeof value === "string" && value !== "{}" ? parseJson(value) : undefined;
}

/** Python writes the names of Gemini's API with underscores. */
function usageOf(answer: Json | undefined): SpanFields {
  const told = objectIn(answer, "usage_metadata") ?? objectIn(answer, "usageMetadata");
  if (!told) return {};
  const camel = Object.fromEntries(
    Object.entries(told).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
  const lines = providerUsage(camel);
  return lines.length > 0 ? { usage: lines } : {};
}

function request(asked: Json | undefined): Content | undefined {
  const system = objectIn(asked, "config")?.["system_instruction"] ?? objectIn(asked, "config")?.["systemInstruction"];
  const contents = objectIn({ asked: asked ?? null }, "asked");
  const messages = requestMessages(system === undefined || !contents ? asked : { ...contents, system });
  return messages && ofMessages(messages);
}

function response(answer: Json | undefined): Content | undefined {
  const content = objectIn(answer, "content");
  const messages = responseMessages(content ? { candidates: [{ content }] } : answer);
  return messages && ofMessages(messages);
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const isCall = attributes.has(`${PREFIX}llm_request`) || span.name === "call_llm";
  const kind = isCall ? "llm" : (spanKind(attributes) ?? (span.name === "invocation" ? "workflow" : undefined));
  const keys = ["tool_call_args", "tool_response"].map((key) => PREFIX + key);
  if (kind === "tool" || !isCall) {
    const [input, output] = keys.map((key) => anyContent(attributes.get(key)));
    return {
      kind,
      input,
      output,
      consumed: keys.filter((key, index) => [input, output][index] !== undefined && attributes.has(key)),
    };
  }
  const answer = jsonAt(attributes, "llm_response");
  return {
    kind,
    ...usageOf(answer),
    finishReason: finishReason(textIn(answer, "finish_reason") ?? textIn(answer, "finishReason")),
    input: request(jsonAt(attributes, "llm_request")),
    output: response(answer),
  };
}

function claims({ scope, attributes }: SpanRecord): 0 | 3 {
  if (scope.name === "gcp.vertex.agent") return 3;
  for (const key of ["llm_request", "tool_call_args", "event_id", "invocation_id"])
    if (attributes.has(PREFIX + key)) return 3;
  return 0;
}

/** Google's Agent Development Kit: GenAI keys, and content as JSON of Gemini's API (conventions §7.7). */
export const googleAdk: Dialect = { name: "google-adk", version: 2, claims, read };
