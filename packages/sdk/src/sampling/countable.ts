import type { AttributeValue } from "../attribute-value.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Names of models, agents and people are shorter; prompts are longer. */
const LONGEST_NAME = 256;
/** What a provider said of usage, as it said it. */
const USAGE = "telltale.usage.";

/** What counting needs of a span that is encoded, without its texts. */
export function countable(span: SpanRecord): SpanRecord {
  const attributes = Array.from(span.attributes).filter(([name, value]) => name.startsWith(USAGE) || isShort(value));
  return { ...span, attributes: new Map(attributes), events: undefined, complete: undefined };
}

function isShort(value: AttributeValue): boolean {
  return typeof value === "string" ? value.length <= LONGEST_NAME : !(value instanceof Uint8Array);
}
