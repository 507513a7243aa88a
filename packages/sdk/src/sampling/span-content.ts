import type { AttributeMap } from "../attribute-value.ts";
import { isContent } from "../span/content-rules.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Takes the content out of a completed span and says so; the rest of the span stays. */
export function omitContent(span: SpanRecord): void {
  let omitted = omitFrom(span.attributes);
  for (const { attributes } of span.events ?? []) omitted = omitFrom(attributes) || omitted;
  if (omitted) span.attributes.set("telltale.content.omitted", "sampling");
}

function omitFrom(attributes: AttributeMap): boolean {
  let omitted = false;
  for (const name of attributes.keys()) {
    if (!isContent(name)) continue;
    attributes.delete(name);
    omitted = true;
  }
  return omitted;
}
