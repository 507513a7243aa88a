import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import { debug, messageOf } from "../diagnostics.ts";
import { runtime, type Scope } from "../runtime.ts";
import type { SpanRecord, SpanStep } from "./span-record.ts";

// A filter may ask a model, or be traced: its spans would have content too, and so on without end.
const UNTOLD: Scope = { span: undefined, tapped: true, silent: true };

/** A piece of content on its way out. */
export interface ContentPiece {
  /** The attribute, as `gen_ai.input.messages`. */
  readonly attribute: string;
  /** The kind of its span: `llm`, `tool`, … */
  readonly kind: string;
  readonly spanName: string;
  readonly text: string;
}

/** Answers with true to send it, false to leave it out, or the text to send instead. */
export type ContentFilter = (piece: ContentPiece) => boolean | string;

/** Which content leaves the process. */
export interface ContentRules {
  /** Kinds of span that send theirs; undefined means all. */
  readonly kinds: ReadonlySet<string> | undefined;
  /** Bytes of one piece; longer ones are shortened and say so. */
  readonly maxLength: number | undefined;
  readonly filter: ContentFilter | undefined;
}

/** The attributes that hold what people and models said, and not how much or how long. */
const CONTENT: ReadonlySet<string> = new Set([
  "gen_ai.input.messages",
  "gen_ai.output.messages",
  "gen_ai.system_instructions",
  "gen_ai.tool.definitions",
  "gen_ai.tool.call.arguments",
  "gen_ai.tool.call.result",
  "gen_ai.retrieval.query.text",
  "gen_ai.retrieval.documents",
  "gen_ai.memory.query.text",
  "gen_ai.memory.records",
  "gen_ai.evaluation.explanation",
  "db.query.text",
  "telltale.input",
  "telltale.output",
  "telltale.prompt.template",
]);
const VARIABLE = "gen_ai.prompt.variable.";

/** Whether an attribute holds content. */
export function isContent(attribute: string): boolean {
  return CONTENT.has(attribute) || attribute.startsWith(VARIABLE);
}

/** The step that leaves out of a completed span what is not to be sent. */
export function contentStep({ kinds, filter }: ContentRules): SpanStep {
  return (span) => {
    if (kinds === undefined && filter === undefined && span.captureContent !== false) return;
    const kind = String(span.attributes.get("telltale.span.kind") ?? "span");
    const isSent = span.captureContent !== false && kinds?.has(kind) !== false;
    if (!isSent) {
      dropContent(span.attributes);
      for (const { attributes } of span.events ?? []) dropContent(attributes);
    } else if (filter !== undefined) {
      for (const [attribute, value] of span.attributes)
        if (isContent(attribute)) applyFilter(span, { attribute, kind, value }, filter);
    }
  };
}

/** The step that shortens what is left, once there are no secrets in it: half a one would not be known for one. */
export function shortenStep({ maxLength }: ContentRules, shorten: Shorten): SpanStep {
  return ({ attributes }) => {
    if (maxLength !== undefined) shortenAll(attributes, maxLength, shorten);
  };
}

function dropContent(attributes: AttributeMap): void {
  for (const name of attributes.keys()) if (isContent(name)) attributes.delete(name);
}

/** Text of at most so many bytes in UTF-8 that says how much was left out. */
export type Shorten = (text: Buffer, most: number) => Buffer;

function applyFilter(
  { attributes, name }: SpanRecord,
  { attribute, kind, value }: { attribute: string; kind: string; value: AttributeValue },
  filter: ContentFilter,
): void {
  try {
    const piece = { attribute, kind, spanName: name, text: String(value) };
    const answer: unknown = runtime.storage.run(UNTOLD, filter, piece);
    if (answer === true) return;
    if (typeof answer === "string") attributes.set(attribute, answer);
    else attributes.delete(attribute);
  } catch (error) {
    // What it would have hidden is not known.
    attributes.delete(attribute);
    debug(`Content was left out, the function captureContent failed: ${messageOf(error)}`);
  }
}

function shortenAll(attributes: AttributeMap, most: number, shorten: Shorten): void {
  for (const [name, value] of attributes) {
    if (!isContent(name) || (typeof value !== "string" && !Buffer.isBuffer(value))) continue;
    // A character of a string takes three bytes at most.
    if (value.length * (typeof value === "string" ? 3 : 1) <= most) continue;
    attributes.set(name, shorten(Buffer.from(value), most));
  }
}
