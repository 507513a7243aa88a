import type { AttributeMap } from "../attribute-value.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Attributes that hold what was said, as all parts of this package name them. */
const CONTENT: ReadonlySet<string> = new Set([
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.retrieval.query.text",
  "gen_ai.retrieval.documents",
  "gen_ai.evaluation.explanation",
  "telltale.input",
  "telltale.output",
  "telltale.prompt.template",
]);
/** What variables a prompt was filled with. */
const CONTENT_PREFIX = "telltale.prompt.variable";

/** Takes the content out of a completed span and says so; the rest of the span stays. */
export function omitContent(span: SpanRecord): void {
  let omitted = omitFrom(span.attributes);
  for (const { attributes } of span.events ?? []) omitted = omitFrom(attributes) || omitted;
  if (omitted) span.attributes.set("telltale.content.omitted", "sampling");
}

function omitFrom(attributes: AttributeMap): boolean {
  let omitted = false;
  for (const name of attributes.keys()) {
    if (!CONTENT.has(name) && !name.startsWith(CONTENT_PREFIX)) continue;
    attributes.delete(name);
    omitted = true;
  }
  return omitted;
}
