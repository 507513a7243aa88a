import { field, listField, numberField, textField, type JsonRecord } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import { documentWithFields, type FoundDocument } from "../retrieval/found-document.ts";
import { retrievalReading, writeReading } from "../retrieval/retrieval-reading.ts";
import { decodedPart, storeExchange } from "../retrieval/store-answer.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** Paths of points, below whatever a proxy puts in front: collection, operation, and how many at once. */
const POINTS = /\/collections\/([^/]+)\/points(?:\/(query|search|recommend|discover)(?:\/(batch|groups))?)?\/?$/;
const SEARCHES = ["query", "search", "recommend", "discover"];
/** What a search is asked by; one of them is always there. */
const ASKED_BY = ["query", "vector", "prefetch", "positive", "negative", "target", "searches", "limit", "filter"];

/** Qdrant's REST API: queries, the older searches and recommendations, upserts. */
export const qdrant: Wire = {
  name: "qdrant",
  provider: "qdrant",
  methods: ["POST", "PUT"],
  claims: ({ method, path }) => {
    const points = path.indexOf("/points");
    if (points < 0 || !path.includes("/collections/")) return false;
    return method === "PUT" ? path.endsWith("/points") : SEARCHES.some((name) => path.startsWith(name, points + 8));
  },
  read(call, { captureContent }): Reading | undefined {
    const found = POINTS.exec(call.request.path);
    if (found === null && call.requestBody !== undefined) return undefined;
    const [, name, search] = found ?? [];
    const collection = decodedPart(name);
    if (call.request.method === "PUT") return readUpsert(call, collection);
    const exchange = storeExchange(call, isSearch, isAnswer, failureIn);
    if (exchange === undefined) return undefined;
    const { asked, answered, failure } = exchange;
    const queries =
      asked === undefined ? [] : field(asked, "searches") === undefined ? [asked] : listField(asked, "searches");
    const [first] = queries;
    return retrievalReading(
      {
        system: "qdrant",
        operation: search ?? "query",
        collection,
        queryText: textOf(field(first, "query")),
        topK: numberField(first, "limit"),
        filter: field(first, "filter"),
        measure: "similarity",
        documents: answered === undefined ? undefined : pointsOf(field(answered, "result")).map(documentOf),
        failure,
      },
      captureContent,
    );
  },
};

function isSearch(request: JsonRecord): boolean {
  return ASKED_BY.some((name) => Object.hasOwn(request, name));
}

function isAnswer(answer: JsonRecord): boolean {
  return Object.hasOwn(answer, "result") && (Object.hasOwn(answer, "status") || Object.hasOwn(answer, "time"));
}

/** `{"status":{"error":"Not found: …"}}` */
function failureIn(value: unknown): Failure | undefined {
  const message = textField(field(value, "status"), "error");
  return message === undefined ? undefined : { type: "error", message };
}

/** The text that Qdrant makes the vector of, in `query` or in its `nearest`. */
function textOf(query: unknown): string | undefined {
  return textField(query, "text") ?? textField(field(query, "nearest"), "text");
}

/** Points of one query, of each query of a batch, or in groups. */
function pointsOf(result: unknown): readonly unknown[] {
  if (!Array.isArray(result)) {
    const groups = listField(result, "groups");
    return groups.length > 0 ? groups.flatMap((group) => listField(group, "hits")) : listField(result, "points");
  }
  return (result as readonly unknown[]).flatMap((item) =>
    Array.isArray(item) || field(item, "points") !== undefined ? pointsOf(item) : [item],
  );
}

function documentOf(point: unknown): FoundDocument {
  return documentWithFields(field(point, "id"), field(point, "score"), field(point, "payload"));
}

function readUpsert(call: Call, collection: string | undefined): Reading | undefined {
  const isUpsert = (request: JsonRecord): boolean => Array.isArray(request["points"]) || "batch" in request;
  const exchange = storeExchange(call, isUpsert, isAnswer, failureIn);
  if (exchange === undefined) return undefined;
  const { asked, failure } = exchange;
  const ids = field(field(asked, "batch"), "ids");
  const points = Array.isArray(ids) ? ids : listField(asked, "points");
  return writeReading(call, {
    system: "qdrant",
    operation: "upsert",
    collection,
    count: asked && points.length,
    failure,
  });
}
