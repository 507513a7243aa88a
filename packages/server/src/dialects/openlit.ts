import type { Attributes } from "@telltale/model";
import { inputTokens, outputTokens } from "@telltale/model";
import { firstCount } from "../dialect/attribute-readers.ts";
import { genAiUsage } from "@telltale/rules";
import type { Dialect, SpanFields } from "../dialect.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const ANTHROPIC = new Set(["@openlit/instrumentation-anthropic", "openlit.instrumentation.anthropic"]);

/**
 * OpenLIT: the GenAI conventions, which the gen-ai dialect reads, with two ways of counting of its
 * own. Anthropic's counts are the raw ones, in which cached tokens are apart. For a stream of the
 * chat API whose program did not ask for usage it counts with a tokenizer of its own and does not
 * say so. A stream with cached or reasoning tokens has the API's counts; one without may have
 * either, and is marked `estimated`. Its 0 for both sides stands for nothing counted at all.
 */
export const openlit: Dialect = { name: "openlit", version: 2, claims, read };

function claims(span: SpanRecord): 0 | 3 {
  if (span.scope.name.startsWith("@openlit/") || span.scope.name.startsWith("openlit.")) return 3;
  return span.attributes.get("telemetry.sdk.name") === "openlit" ? 3 : 0;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const isStream =
    attributes.get("gen_ai.request.is_stream") === true || attributes.get("gen_ai.request.stream") === true;
  const usage = genAiUsage((keys) => firstCount(attributes, keys), {
    cachedApart: ANTHROPIC.has(span.scope.name),
    estimated: isStream && mayBeEstimated(attributes),
  });
  const isNothing = isStream && !inputTokens(usage ?? []) && !outputTokens(usage ?? []);
  // An empty list keeps the gen-ai dialect from reading the zeros.
  return { kind: spanKind(attributes), usage: isNothing ? [] : usage };
}

function mayBeEstimated(attributes: Attributes): boolean {
  if (attributes.get("openai.api.type") === "responses") return false;
  for (const key of attributes.keys()) {
    if (!key.startsWith("gen_ai.usage.")) continue;
    if (key.includes("cache") || key.includes("reasoning") || key.includes("details")) return false;
  }
  return true;
}
