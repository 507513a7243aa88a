import { field, listField, numberField, recordOf, textField, type JsonRecord } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import { documentWithFields, type FoundDocument, idOf } from "../retrieval/found-document.ts";
import { retrievalReading, writeReading } from "../retrieval/retrieval-reading.ts";
import { decodedPart, storeExchange, type StoreExchange } from "../retrieval/store-answer.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** Version 2 has tenant and database in front; the collection is its id. */
const PATH =
  /\/api\/v[12](?:\/tenants\/([^/]+)\/databases\/([^/]+))?\/collections\/([^/]+)\/(query|search|add|upsert|update)\/?$/;
/** What the model of a search in Chroma Cloud may be nested in, `$sum` over `$mul` over `$knn`. */
const DEEPEST_RANK = 8;

/** Chroma's API: queries, the searches of Chroma Cloud, and what puts records in. */
export const chroma: Wire = {
  name: "chroma",
  provider: "chroma",
  claims: ({ path }) => path.includes("/api/v") && path.includes("/collections/"),
  read(call, { captureContent }): Reading | undefined {
    const found = PATH.exec(call.request.path);
    if (found === null && call.requestBody !== undefined) return undefined;
    const [, , database, id, operation = "query"] = found ?? [];
    const store = { system: "chroma", operation, collection: decodedPart(id), namespace: decodedPart(database) };
    if (operation === "add" || operation === "upsert" || operation === "update") return readWrite(call, store);
    const exchange = storeExchange(call, isQuery, isAnswer, failureIn);
    if (exchange === undefined) return undefined;
    return retrievalReading({ ...store, ...(operation === "search" ? searchOf : queryOf)(exchange) }, captureContent);
  },
};

function isQuery(request: JsonRecord): boolean {
  return ["query_embeddings", "query_texts", "n_results", "searches"].some((name) => Object.hasOwn(request, name));
}

function isAnswer(answer: JsonRecord): boolean {
  return Array.isArray(answer["ids"]);
}

/** `{"error":"NotFoundError","message":"…"}` */
function failureIn(value: unknown): Failure | undefined {
  const message = textField(value, "message");
  return message === undefined ? undefined : { type: textField(value, "error") ?? "error", message };
}

type Found = Omit<Parameters<typeof retrievalReading>[0], "system" | "operation" | "collection">;

function queryOf({ asked, answered, failure }: StoreExchange): Found {
  const where = field(asked, "where") ?? field(asked, "where_document");
  return {
    topK: numberField(asked, "n_results"),
    filter: where,
    queryText: textsOf(field(asked, "query_texts")),
    measure: "distance",
    documents: answered && documentsOf(answered, "distances"),
    failure,
  };
}

function searchOf({ asked, answered, failure }: StoreExchange): Found {
  const [search] = listField(asked, "searches");
  const text = textOfRank(field(search, "rank"), 0);
  return {
    topK: numberField(field(search, "limit"), "limit") ?? numberField(search, "limit"),
    filter: field(search, "filter"),
    queryText: text,
    measure: "distance",
    documents: answered && documentsOf(answered, "scores"),
    failure,
  };
}

/** The text of the first nearest-neighbour search in a ranking. */
function textOfRank(rank: unknown, depth: number): string | undefined {
  if (depth > DEEPEST_RANK) return undefined;
  const own = textField(field(rank, "$knn"), "query");
  if (own !== undefined) return own;
  const inner = Array.isArray(rank) ? (rank as readonly unknown[]) : Object.values(recordOf(rank) ?? {});
  for (const part of inner) {
    const text = textOfRank(part, depth + 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

function textsOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  const texts = value.filter((item): item is string => typeof item === "string");
  return texts.length === 0 ? undefined : texts.join("\n");
}

/** Lists beside each other: one inner list for each query, one place in it for each document. */
function documentsOf(answer: JsonRecord, scores: string): FoundDocument[] {
  const cell = (name: string, row: number, column: number): unknown => at(at(answer[name], row), column);
  return listField(answer, "ids").flatMap((ids, row) =>
    (Array.isArray(ids) ? (ids as readonly unknown[]) : []).map((id, column) => {
      const told = documentWithFields(id, cell(scores, row, column), cell("metadatas", row, column));
      const text = cell("documents", row, column);
      return typeof text === "string" ? { ...told, id: idOf(id), content: text } : told;
    }),
  );
}

function at(list: unknown, index: number): unknown {
  return Array.isArray(list) ? (list as readonly unknown[])[index] : undefined;
}

function readWrite(
  call: Call,
  store: { readonly system: string; readonly operation: string; readonly collection: string | undefined },
): Reading | undefined {
  const exchange = storeExchange(
    call,
    (request) => Array.isArray(request["ids"]),
    () => true,
    failureIn,
  );
  if (exchange === undefined) return undefined;
  const { asked, failure } = exchange;
  return writeReading(call, { ...store, count: asked && listField(asked, "ids").length, failure });
}
