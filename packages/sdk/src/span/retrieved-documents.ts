/** A document that a search in the program's own knowledge returned. */
export interface RetrievedDocument {
  readonly id?: string | number;
  readonly score?: number;
  /** The text; `text` and `pageContent` are taken for it too. */
  readonly content?: string;
  readonly metadata?: unknown;
}

/**
 * The documents in what a retrieval returned, in the shape of `gen_ai.retrieval.documents`.
 * Takes `id`, `score`, `content` (or `text`, `pageContent`), `metadata`; a list of strings is
 * a list of contents. Undefined when it is not a list of documents.
 */
export function documentsOf(value: unknown): readonly RetrievedDocument[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const documents: RetrievedDocument[] = [];
  for (const item of value as readonly unknown[]) {
    const document = documentOf(item);
    if (document === undefined) return undefined;
    documents.push(document);
  }
  return documents;
}

function documentOf(item: unknown): RetrievedDocument | undefined {
  if (typeof item === "string") return { content: item };
  if (typeof item !== "object" || item === null || Array.isArray(item)) return undefined;
  const fields = new Map(Object.entries(item));
  const id = fields.get("id");
  const score = fields.get("score");
  const content = fields.get("content") ?? fields.get("text") ?? fields.get("pageContent");
  const metadata = fields.get("metadata");
  if (id === undefined && content === undefined) return undefined;
  return {
    ...(typeof id === "string" || typeof id === "number" ? { id } : {}),
    ...(typeof score === "number" ? { score } : {}),
    ...(typeof content === "string" ? { content } : {}),
    ...(metadata === undefined ? {} : { metadata }),
  };
}
