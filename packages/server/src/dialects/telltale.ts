import type { Content } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { anyContent } from "../dialect/content.ts";
import { spanKind } from "../dialect/span-kind.ts";
import type { SpanRecord } from "../otlp/record.ts";

const INPUT = "telltale.input";
const OUTPUT = "telltale.output";

/** Telltale's own SDK: the GenAI conventions, and `telltale.*` for what they have no name for. */
export const telltale: Dialect = { name: "telltale", version: 1, claims, read };

/** Spans that the conventions have a name for, such as model calls, are left to the gen-ai dialect. */
function claims({ attributes }: SpanRecord): 0 | 1 | 3 {
  if (attributes.has(INPUT) || attributes.has(OUTPUT)) return 3;
  return attributes.has("telltale.span.kind") && !attributes.has("gen_ai.operation.name") ? 1 : 0;
}

function read(span: SpanRecord): SpanFields {
  const { attributes } = span;
  const input = anyContent(attributes.get(INPUT));
  const output = anyContent(attributes.get(OUTPUT));
  return {
    kind: spanKind(attributes),
    input,
    output,
    consumed: [...consumed(input, INPUT), ...consumed(output, OUTPUT)],
  };
}

function consumed(content: Content | undefined, key: string): readonly string[] {
  return content && content.type !== "masked" ? [key] : [];
}
