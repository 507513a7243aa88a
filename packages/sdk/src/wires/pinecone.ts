import { field, listField, parseJson, recordOf, textField, type JsonRecord } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import { documentWithFields, firstNumber, type FoundDocument } from "../retrieval/found-document.ts";
import { type Retrieval, retrievalReading, writeReading } from "../retrieval/retrieval-reading.ts";
import { decodedPart, storeExchange } from "../retrieval/store-answer.ts";
import type { Call, Reading, Wire, WireRequest } from "../wire.ts";

/** An index with integrated inference has records, and since 2026 documents, in namespaces. */
const NAMESPACED = /^(?:\/records)?\/namespaces\/([^/]+)(?:\/documents)?\/(search|upsert)$/;
/** Hosts are `{index}-{project}.svc.{environment}.pinecone.io`. */
const HOST = /^(.+)-[a-z0-9]+\.svc\.[a-z0-9.-]+\.pinecone\.io$/;

/** What is told of a hit, and is no field of the document. */
const OF_THE_HIT = ["id", "_id", "score", "_score", "values", "sparseValues", "metadata"];

/** Pinecone's data plane: queries by vector, searches by text, upserts; at Pinecone and at its local emulator. */
export const pinecone: Wire = {
  name: "pinecone",
  provider: "pinecone",
  claims: ({ path }) =>
    path === "/query" || path === "/vectors/upsert" || path.startsWith("/records/namespaces/") || isOfDocuments(path),
  read(call, { captureContent }): Reading | undefined {
    const [, namespace, operation] = NAMESPACED.exec(call.request.path) ?? [];
    if (operation === "upsert" || call.request.path === "/vectors/upsert") return readUpsert(call, namespace);
    const isAsked = operation === undefined ? isQuery : isSearch;
    const exchange = storeExchange(call, isAsked, isAnswer, failureIn);
    if (exchange === undefined) return undefined;
    const { asked, answered, failure } = exchange;
    return retrievalReading(
      {
        system: "pinecone",
        operation: operation ?? "query",
        collection: indexOf(call.request),
        namespace: decodedPart(namespace) ?? textField(asked, "namespace"),
        ...askedFor(asked),
        measure: "similarity",
        documents: answered && documentsOf(answered),
        failure,
      },
      captureContent,
    );
  },
};

function isOfDocuments(path: string): boolean {
  return path.startsWith("/namespaces/") && (path.endsWith("/documents/search") || path.endsWith("/documents/upsert"));
}

/** `/query` is a path that many have: this one is asked by a vector or an id, for so many. */
function isQuery(request: JsonRecord): boolean {
  const { topK, vector, id, sparseVector } = request;
  return (
    typeof topK === "number" &&
    (Array.isArray(vector) || typeof id === "string" || recordOf(sparseVector) !== undefined)
  );
}

function isSearch(request: JsonRecord): boolean {
  return recordOf(request["query"]) !== undefined || Array.isArray(request["score_by"]);
}

function isAnswer(answer: JsonRecord): boolean {
  return ["matches", "result", "results"].some((name) => Object.hasOwn(answer, name));
}

/** `{code, message}` of the data plane, or `{error: {code, message}, status}`. */
function failureIn(value: unknown): Failure | undefined {
  const error = recordOf(field(value, "error")) ?? value;
  const message = textField(error, "message");
  return message === undefined ? undefined : { type: textField(error, "code") ?? "error", message };
}

/** The name of an index is the first part of its host; locally an index is a port. */
function indexOf({ host }: WireRequest): string | undefined {
  return HOST.exec(host)?.[1];
}

function askedFor(asked: JsonRecord | undefined): Pick<Retrieval, "topK" | "filter" | "queryText"> {
  const query = recordOf(field(asked, "query")) ?? asked;
  const texts = listField(asked, "score_by").flatMap((method) => textField(method, "query") ?? []);
  return {
    topK: firstNumber(query, "topK", "top_k"),
    filter: field(query, "filter"),
    queryText: textField(field(query, "inputs"), "text") ?? texts[0],
  };
}

function documentsOf(answer: JsonRecord): FoundDocument[] {
  const hits = listField(field(answer, "result"), "hits");
  const found = hits.length > 0 ? hits : listField(answer, "matches");
  return found.map((hit) => {
    const id = field(hit, "id") ?? field(hit, "_id");
    const fields = recordOf(field(hit, "metadata")) ?? recordOf(field(hit, "fields"));
    // The fields of a document stand beside its id and score.
    return documentWithFields(id, firstNumber(hit, "score", "_score"), fields ?? hit, OF_THE_HIT);
  });
}

function readUpsert(call: Call, namespace: string | undefined): Reading | undefined {
  const lines = namespace !== undefined && call.request.path.startsWith("/records/");
  const isUpsert = (request: JsonRecord): boolean =>
    Array.isArray(request["vectors"]) || Array.isArray(request["documents"]);
  const count = lines ? lineCount(call.requestBody) : undefined;
  const { responseBody } = call;
  const bodies = lines ? { requestBody: undefined, responseBody } : call;
  const exchange = storeExchange(call, isUpsert, () => true, failureIn, bodies);
  // Records are answered with 201 and nothing.
  if (exchange === undefined && !lines) return undefined;
  const asked = exchange?.asked;
  const listed = [...listField(asked, "vectors"), ...listField(asked, "documents")].length;
  return writeReading(call, {
    system: "pinecone",
    operation: "upsert",
    collection: indexOf(call.request),
    namespace: decodedPart(namespace) ?? textField(asked, "namespace"),
    count: count ?? (asked && listed),
    failure: exchange?.failure,
  });
}

/** Records come one to a line; undefined when the first is none. */
function lineCount(body: string | undefined): number | undefined {
  const lines = body?.split("\n").filter((line) => line.trim() !== "") ?? [];
  return recordOf(parseJson(lines[0])) === undefined ? undefined : lines.length;
}
