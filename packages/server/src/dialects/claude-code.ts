import type { Attributes, Content, UsageLine } from "@telltale/model";
import { usageLine } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { firstCount, firstText, scalarText, textAt } from "../dialect/attribute-readers.ts";
import { anyContent, saidBy } from "../dialect/content.ts";
import { isMaskedText } from "../dialect/masked.ts";
import { providerName } from "../dialect/names.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { LogRecord, SpanRecord } from "../otlp/record.ts";

/** What was asked, newest name first; what a tool was given; what came back. */
const ASKED = ["new_context", "user_prompt"];
const GIVEN = ["tool_input", "full_command", "file_path"];
const ANSWER = "response.model_output";
/** The event that tells the answer to a prompt, on the span of the prompt. */
const ANSWER_EVENTS = new Set(["assistant_response", "claude_code.assistant_response"]);

/** The raw counts of the API, in which cached tokens are apart. */
function usage(attributes: Attributes): readonly UsageLine[] | undefined {
  const line = usageLine(
    {
      input: firstCount(attributes, ["input_tokens"]),
      output: firstCount(attributes, ["output_tokens"]),
      cacheRead: firstCount(attributes, ["cache_read_tokens"]),
      cacheWrite: firstCount(attributes, ["cache_creation_tokens"]),
    },
    { cachedApart: true },
  );
  return line && [line];
}

function said(attributes: Attributes, keys: readonly string[], role: string): Content | undefined {
  const text = firstText(attributes, keys);
  if (text === undefined) return undefined;
  return isMaskedText(text) ? { type: "masked" } : saidBy(role, text);
}

/** A tool's answer is in an event, under the name of what the tool gives. */
function toolOutput(span: SpanRecord): Content | undefined {
  for (const { name, attributes } of span.events) {
    if (name !== "tool.output") continue;
    const text = firstText(attributes, ["output", "content", "diff"]);
    if (text !== undefined) return isMaskedText(text) ? { type: "masked" } : { type: "text", text };
  }
  return undefined;
}

/** The last answer: what came before it were words between the uses of tools. */
function answerIn(logs: readonly LogRecord[]): Content | undefined {
  const log = logs.findLast(({ eventName, attributes }) =>
    ANSWER_EVENTS.has(textAt(attributes, "event.name") ?? eventName),
  );
  return log && said(log.attributes, ["response"], "assistant");
}

function read(span: SpanRecord, logs: readonly LogRecord[]): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes);
  if (kind === "tool")
    return {
      kind,
      input: anyContent(firstText(attributes, GIVEN)),
      output: toolOutput(span),
      toolName: textAt(attributes, "tool_name"),
      toolCallId: firstText(attributes, ["gen_ai.tool.call.id", "tool_use_id"]),
      ...(isFailed(attributes) ? { status: "error" as const } : {}),
      errorMessage: textAt(attributes, "error"),
    };
  const isCall = kind === "llm";
  const failed = isFailed(attributes);
  const speed = textAt(attributes, "speed");
  return {
    kind,
    ...(isCall && failed ? { status: "error" as const } : {}),
    errorType: isCall && failed ? scalarText(attributes.get("status_code")) : undefined,
    errorMessage: textAt(attributes, "error"),
    serviceTier: isCall && speed !== "normal" ? speed : undefined,
    requestModel: isCall ? firstText(attributes, ["gen_ai.request.model", "model"]) : undefined,
    provider: isCall ? (providerName(textAt(attributes, "gen_ai.system")) ?? "anthropic") : undefined,
    responseId: isCall ? textAt(attributes, "request_id") : undefined,
    usage: isCall ? usage(attributes) : undefined,
    input: said(attributes, ASKED, "user"),
    output: said(attributes, [ANSWER], "assistant") ?? (kind === "agent" ? answerIn(logs) : undefined),
    agentName: kind === "agent" ? "claude-code" : undefined,
  };
}

function isFailed(attributes: Attributes): boolean {
  const success = attributes.get("success");
  return success === false || success === "false";
}

function claims({ name, attributes }: SpanRecord): 0 | 3 {
  if (name.startsWith("claude_code.")) return 3;
  const type = attributes.get("span.type");
  return typeof type === "string" && type.startsWith("claude_code.") ? 3 : 0;
}

/** Claude Code's spans, whose keys have no prefix (conventions §7.2), and what its log records tell where it sends no spans. */
export const claudeCode: Dialect = { name: "claude-code", version: 2, claims, read };
