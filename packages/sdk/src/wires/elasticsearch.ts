import { field, listField, numberField, recordOf, textField, type JsonRecord } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import { documentWithFields, firstNumber } from "../retrieval/found-document.ts";
import { retrievalReading } from "../retrieval/retrieval-reading.ts";
import { decodedPart, storeExchange } from "../retrieval/store-answer.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** The parts of a search that ask by meaning, in Elasticsearch's language and in OpenSearch's. */
const BY_MEANING = new Set([
  "knn",
  "semantic",
  "sparse_vector",
  "text_expansion",
  "text_similarity_reranker",
  "neural",
  "neural_sparse",
]);
/** Names that only OpenSearch has. */
const OF_OPENSEARCH = new Set(["neural", "neural_sparse", "hybrid"]);
/** Where such a part has the text that it looks for. */
const TEXTS = ["query", "query_text", "model_text", "inference_text"];
/** Searches are nested, `retriever.rrf.retrievers[].standard.query.bool…`, and somebody's may be without end. */
const DEEPEST = 16;

/**
 * Searches by vector or by meaning in Elasticsearch and OpenSearch: `knn`, `semantic`, retrievers that
 * fuse them, `neural`, scripts over vectors. Searches by words alone are left alone: most of them are no model's.
 */
export const elasticsearch: Wire = {
  name: "elasticsearch",
  provider: "elasticsearch",
  headers: () => ["x-elastic-product"],
  claims: ({ path }) => path.endsWith("/_search") || path.endsWith("/_knn_search"),
  read(call, { captureContent }): Reading | undefined {
    const exchange = storeExchange(call, isByMeaning, (answer) => recordOf(answer["hits"]) !== undefined, failureIn);
    if (exchange === undefined) return undefined;
    const { asked, answered, failure } = exchange;
    const search = askedFor(asked);
    const system = search.openSearch || isOpenSearch(call, answered) ? "opensearch" : "elasticsearch";
    const hits = listField(field(answered, "hits"), "hits");
    const reading = retrievalReading(
      {
        system,
        operation: "search",
        collection: indexOf(call.request.path),
        queryText: search.text,
        topK: numberField(asked, "size") ?? search.k,
        filter: search.filter,
        measure: "similarity",
        documents:
          answered &&
          hits.map((hit) =>
            documentWithFields(field(hit, "_id"), field(hit, "_score"), field(hit, "_source") ?? field(hit, "fields")),
          ),
        failure,
      },
      captureContent,
    );
    reading.attributes.set("gen_ai.provider.name", system);
    return reading;
  },
};

/** The index in front of the operation; undefined when all are searched. */
function indexOf(path: string): string | undefined {
  const parts = path.split("/");
  return decodedPart(parts.at(-2));
}

/** `{"error":{"type":"index_not_found_exception","reason":"…"},"status":404}` */
function failureIn(value: unknown): Failure | undefined {
  const error = field(value, "error");
  const [cause] = listField(error, "root_cause");
  const message = textField(error, "reason") ?? textField(cause, "reason");
  return message === undefined ? undefined : { type: textField(error, "type") ?? "error", message };
}

/** Elasticsearch names itself in a header; where the call failed before, it is taken for the answerer. */
function isOpenSearch(call: Call, answered: JsonRecord | undefined): boolean {
  return answered !== undefined && call.header("x-elastic-product") === "";
}

interface Asked {
  byMeaning: boolean;
  openSearch: boolean;
  text?: string | undefined;
  k?: number | undefined;
  filter?: unknown;
}

function isByMeaning(request: JsonRecord): boolean {
  return askedFor(request).byMeaning;
}

function askedFor(request: JsonRecord | undefined): Asked {
  const found: Asked = { byMeaning: false, openSearch: false };
  for (const name of ["knn", "query", "retriever"]) lookInto(field(request, name), name, found, 0);
  return found;
}

/** Walks through a search; what is met first is told. */
function lookInto(part: unknown, name: string, found: Asked, depth: number): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(part)) {
    for (const item of part as readonly unknown[]) if (!isVector(part)) lookInto(item, name, found, depth + 1);
    return;
  }
  const fields = recordOf(part);
  if (fields === undefined) return;
  if (BY_MEANING.has(name)) readPart(fields, found);
  if (OF_OPENSEARCH.has(name)) found.openSearch = true;
  if (
    name === "script" &&
    /Similarity|l[12]norm|dotProduct|hamming|knn_score|lang=knn/i.test(textField(fields, "source") ?? "")
  )
    found.byMeaning = true;
  if (name === "bool" || name === "knn") found.filter ??= fields["filter"];
  for (const [key, value] of Object.entries(fields)) lookInto(value, key, found, depth + 1);
}

/** A part that asks by meaning, or the field below it that does: `knn.field = …`, `knn: { field: { vector } }`. */
function readPart(fields: JsonRecord, found: Asked): void {
  found.byMeaning = true;
  const inner = Object.values(fields).find((value) => recordOf(value) !== undefined && !Object.hasOwn(fields, "field"));
  const builder = field(field(fields, "query_vector_builder"), "text_embedding");
  for (const place of [fields, inner, builder]) {
    found.k ??= firstNumber(place, "k", "rank_window_size");
    for (const name of TEXTS) found.text ??= textField(place, name);
    found.filter ??= field(place, "filter");
    if (Array.isArray(field(place, "vector"))) found.openSearch ||= place === inner;
  }
}

function isVector(list: readonly unknown[]): boolean {
  return typeof list[0] === "number";
}
