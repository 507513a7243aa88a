import type { Content } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { documentsContent } from "../dialect/documents.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { parseJson } from "../dialect/json-of.ts";
import { finishReason, providerName } from "../dialect/names.ts";
import { providerUsage } from "../dialect/provider-usage.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

/** LangSmith's SDK with `LANGSMITH_OTEL_ENABLED`: whole inputs and outputs as JSON (conventions §5.3). */
export const langsmith: Dialect = { name: "langsmith", version: 1, claims, read };

function claims(span: SpanRecord): 0 | 3 {
  return span.attributes.has("langsmith.span.kind") || span.attributes.has("langsmith.traceable") ? 3 : 0;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const kind = spanKind(attributes);
  const prompt = attributes.get("gen_ai.prompt");
  const completion = attributes.get("gen_ai.completion");
  const isCall = kind === "llm";
  const input = isCall ? messagesContent(prompt, "user", requestMessages) : anyContent(prompt);
  const output = isCall
    ? messagesContent(completion, "assistant", responseMessages)
    : kind === "retrieval"
      ? documentsContent(completion)
      : anyContent(completion);
  const counts = textAt(attributes, "langsmith.usage_metadata");
  const lines = counts === undefined ? [] : providerUsage(parseJson(counts));
  // A failed run is exported with status OK beside its exception.
  const hasFailed = span.events.some((event) => event.name === "exception");
  return {
    kind,
    ...(hasFailed ? { status: "error" as const } : {}),
    provider: providerName(textAt(attributes, "langsmith.metadata.ls_provider")),
    serviceTier: textAt(attributes, "gen_ai.response.service_tier"),
    ...(lines.length > 0 ? { usage: lines } : {}),
    input,
    output,
    finishReason: finishReason(textAt(attributes, "gen_ai.response.finish_reasons")),
    toolName: kind === "tool" ? (textAt(attributes, "gen_ai.tool.name") ?? span.name) : undefined,
    consumed: [...consumedBy(input, "gen_ai.prompt", isCall), ...consumedBy(output, "gen_ai.completion", isCall)],
  };
}

/** A model call's raw request and answer say more than their messages, so they stay. */
function consumedBy(content: Content | undefined, key: string, isCall: boolean): readonly string[] {
  return content && content.type !== "masked" && !isCall ? [key] : [];
}
