import type { AttributeMap } from "../attribute-value.ts";
import type { HookSpan } from "../hook/hook-span.ts";
import { listOf, property, textOf } from "../hook/read-object.ts";
import { describeAnswer, describeRequest } from "../vercel-ai/describe-call.ts";

/** What Mastra told of a span at its end: `told` is undefined when the program filters it out. */
interface Ended {
  readonly type: string;
  readonly told: unknown;
  readonly asked: unknown;
}

/** Fills a span with what Mastra told, and ends it. */
export function describeEnd(span: HookSpan, { type, told, asked }: Ended): void {
  const attributes = property(told, "attributes");
  const output = property(told, "output");
  const isTripped = property(attributes, "tripwireAbort") !== undefined;
  // A processor that stops a run has done its work.
  if (isTripped) span.set("telltale.guardrail.triggered", true);
  else setFailure(span, told, attributes);
  if (property(output, "status") === "aborted") span.set("telltale.outcome", "aborted");
  span.set("gen_ai.tool.call.id", textOf(attributes, "toolCallId"));
  span.set("telltale.mcp.server", textOf(attributes, "mcpServer"));
  // What a model was asked and answered is told by the call, not by the steps around it.
  if (!type.startsWith("model_")) {
    span.setInput(onlyText(property(told, "input")));
    span.setOutput(type === "agent_run" ? (textOf(output, "text") ?? output) : output);
  }
  span.end((filled) => describeCall(filled, { attributes, output, asked }));
}

function setFailure(span: HookSpan, told: unknown, attributes: unknown): void {
  const error = property(told, "errorInfo");
  if (error !== undefined) {
    return span.failWith(errorType(error), textOf(error, "message") ?? "");
  }
  if (property(attributes, "success") === false) span.failWith("tool_error", "");
  if (textOf(attributes, "status") === "failed") span.failWith("_OTHER", "");
}

/** Mastra's own errors have an id such as `AGENT_GENERATE_FAILED`, others the name of their class. */
function errorType(error: unknown): string {
  const name = textOf(error, "name");
  return textOf(error, "id") ?? (name === undefined || name === "Error" ? "_OTHER" : name);
}

/** A single message of a user is its text. */
function onlyText(input: unknown): unknown {
  const only = Array.isArray(input) && input.length === 1 ? property(input[0], "content") : undefined;
  return typeof only === "string" ? only : input;
}

interface Told {
  readonly attributes: unknown;
  readonly output: unknown;
  readonly asked: unknown;
}

/** For models that no wire sees. */
function describeCall(filled: AttributeMap, { attributes, output, asked }: Told): void {
  const parameters = property(attributes, "parameters");
  const messages = Array.isArray(asked) ? asked : listOf(asked, "messages");
  describeRequest(filled, {
    ...(typeof parameters === "object" ? parameters : {}),
    modelId: property(attributes, "model"),
    provider: property(attributes, "provider"),
    messages,
  });
  const usage = property(attributes, "usage");
  const text = textOf(output, "text");
  describeAnswer(filled, {
    responseId: property(attributes, "responseId"),
    response: { modelId: property(attributes, "responseModel") },
    finishReason: property(attributes, "finishReason"),
    usage: {
      inputTokens: property(usage, "inputTokens"),
      outputTokens: property(usage, "outputTokens"),
      inputTokenDetails: property(usage, "inputDetails"),
      outputTokenDetails: property(usage, "outputDetails"),
    },
    content: [
      ...(text === undefined ? [] : [{ type: "text", text }]),
      ...listOf(output, "toolCalls").map((call) => ({
        type: "tool-call",
        toolCallId: property(call, "toolCallId"),
        toolName: property(call, "toolName"),
        args: property(call, "args"),
      })),
    ],
  });
}
