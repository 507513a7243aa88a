import type { Attributes, Content } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt, textsOf } from "../dialect/attribute-readers.ts";
import { anyContent, messagesContent } from "../dialect/content.ts";
import { requestMessages, responseMessages } from "../dialect/exchange.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

/** Span types whose content is a conversation with a model. */
const TALKS = new Set(["model_generation", "model_step"]);

/** Mastra's OTel exporter: GenAI attributes with content under `mastra.<type>.*` (conventions §7.3). */
export const mastra: Dialect = { name: "mastra", version: 2, claims, read };

function claims(span: SpanRecord): 0 | 3 {
  return span.attributes.has("mastra.span.type") ? 3 : 0;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const type = textAt(attributes, "mastra.span.type") ?? "";
  const consumed: string[] = [];
  return {
    kind: spanKind(attributes),
    // A model call that failed is exported with status OK and this finish reason.
    ...(textsOf(attributes.get("gen_ai.response.finish_reasons")).includes("error")
      ? { status: "error" as const }
      : {}),
    errorMessage: textAt(attributes, "error.message"),
    input: side(attributes, type, "input", consumed),
    output: side(attributes, type, "output", consumed),
    consumed,
  };
}

function side(
  attributes: Attributes,
  type: string,
  which: "input" | "output",
  consumed: string[],
): Content | undefined {
  const key = `mastra.${type}.${which}`;
  const value = attributes.get(key);
  const read = which === "input" ? requestMessages : responseMessages;
  const content = TALKS.has(type)
    ? messagesContent(value, which === "input" ? "user" : "assistant", read)
    : anyContent(value);
  if (content && content.type !== "masked") consumed.push(key);
  return content;
}
