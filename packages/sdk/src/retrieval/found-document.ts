import { numberField, recordOf } from "../json/read-json.ts";

/** A document as a store returned it. */
export interface FoundDocument {
  readonly id: string | number | undefined;
  /** What the store calls its nearness: higher is nearer, unless the measure is a distance. */
  readonly score: number | undefined;
  readonly content: string | undefined;
  /** What else it holds. */
  readonly metadata: unknown;
}

/** Fields in which text stands, in the order in which they are looked for. LangChain, LlamaIndex and the stores' own. */
const TEXT_FIELDS = [
  "content",
  "text",
  "page_content",
  "pageContent",
  "document",
  "chunk_text",
  "chunk",
  "passage",
  "body",
  "description",
  "title",
] as const;

/**
 * A document whose text is one of its fields, as stores without a place for text have it. The
 * other fields are its metadata, but for those that are `left` out.
 */
export function documentWithFields(
  id: unknown,
  score: unknown,
  fields: unknown,
  left: readonly string[] = [],
): FoundDocument {
  const all = fields instanceof Map ? (fields as ReadonlyMap<unknown, unknown>) : mapOf(fields);
  const name = TEXT_FIELDS.find((candidate) => typeof all.get(candidate) === "string");
  const content = all.get(name);
  const rest = new Map([...all].filter(([key]) => key !== name && !left.some((one) => one === key)));
  return {
    id: idOf(id),
    score: typeof score === "number" ? score : undefined,
    content: typeof content === "string" ? content : undefined,
    metadata: rest.size > 0 ? rest : undefined,
  };
}

function mapOf(fields: unknown): ReadonlyMap<unknown, unknown> {
  return new Map(Object.entries(recordOf(fields) ?? {}));
}

/** Ids are texts or numbers; anything else is none. */
export function idOf(value: unknown): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

/** The first of the fields that is a finite number. */
export function firstNumber(value: unknown, ...names: readonly string[]): number | undefined {
  for (const name of names) {
    const number = numberField(value, name);
    if (number !== undefined) return number;
  }
  return undefined;
}
