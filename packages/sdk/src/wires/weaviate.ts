import { field, jsonOrText, listField, parseJson, recordOf, textField, type JsonRecord } from "../json/read-json.ts";
import type { Failure } from "../reading/failure.ts";
import { documentWithFields, type FoundDocument } from "../retrieval/found-document.ts";
import { type Retrieval, retrievalReading, writeReading } from "../retrieval/retrieval-reading.ts";
import { storeExchange } from "../retrieval/store-answer.ts";
import type { Call, Reading, Wire } from "../wire.ts";

/** A question of GraphQL for objects of one class: `{ Get { Article(nearText: {…}) {…} } }`. */
const GET = /\bGet\s*\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\(/;
/** Arguments that make of it a search; without one it lists. */
const SEARCHES = ["nearVector", "nearText", "nearObject", "nearImage", "hybrid", "bm25", "ask"];
/** Arguments that have the text of the search in a field of this name. */
const TEXTS: readonly (readonly [string, string])[] = [
  ["nearText", "concepts"],
  ["hybrid", "query"],
  ["bm25", "query"],
  ["ask", "question"],
];

/** Weaviate's GraphQL and its imports over HTTP; its newer client speaks gRPC, see `weaviate-grpc.ts`. */
export const weaviate: Wire = {
  name: "weaviate",
  provider: "weaviate",
  claims: ({ path }) => path.endsWith("/v1/graphql") || path.endsWith("/v1/batch/objects"),
  read(call, { captureContent }): Reading | undefined {
    if (call.request.path.endsWith("/v1/batch/objects")) return readImport(call);
    const exchange = storeExchange(
      call,
      (request) => searchIn(textField(request, "query") ?? "") !== undefined,
      (answer) => Object.hasOwn(answer, "data") || Array.isArray(answer["errors"]),
      failureIn,
    );
    if (exchange === undefined) return undefined;
    const { asked, answered, failure } = exchange;
    const search = searchIn(textField(asked, "query") ?? "");
    // GraphQL tells failures with status 200.
    const told = failureIn(answered);
    const objects = listField(field(field(answered, "data"), "Get"), search?.collection ?? "");
    const documents = objects.map((object) => documentOf(object));
    return retrievalReading(
      {
        system: "weaviate",
        operation: search?.operation ?? "search",
        collection: undefined,
        ...search,
        measure: objects.some((object) => isNearBy(object, "distance")) ? "distance" : "similarity",
        documents: answered && told === undefined ? documents : undefined,
        failure: failure ?? told,
      },
      captureContent,
    );
  },
};

type Search = Pick<Retrieval, "operation" | "queryText" | "topK" | "filter"> & { readonly collection: string };

function searchIn(query: string): Search | undefined {
  const found = GET.exec(query);
  const collection = found?.[1];
  if (found === null || collection === undefined) return undefined;
  const given = enclosed(query, found.index + found[0].length - 1) ?? "";
  const operation = SEARCHES.find((name) => new RegExp(`\\b${name}\\s*:`).test(given));
  if (operation === undefined) return undefined;
  const limit = /\blimit\s*:\s*(\d+)/.exec(given)?.[1];
  const text = TEXTS.map(([name, inner]) => textsIn(argument(given, name), inner)).find((one) => one !== undefined);
  return {
    operation,
    collection,
    queryText: text,
    topK: limit === undefined ? undefined : Number(limit),
    filter: argument(given, "where"),
  };
}

/** The text from this bracket to the one that closes it; brackets in strings are text. */
function enclosed(text: string, start: number): string | undefined {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index] ?? "";
    if (quoted) {
      if (character === "\\") index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character) && --depth === 0) return text.slice(start, index + 1);
  }
  return undefined;
}

/** The value of an argument: an object in braces, as it is written. */
function argument(given: string, name: string): string | undefined {
  const found = new RegExp(`\\b${name}\\s*:\\s*(?=\\{)`).exec(given);
  return found === null ? undefined : enclosed(given, found.index + found[0].length);
}

/** The text, or the texts of a list, of one field. */
function textsIn(object: string | undefined, name: string): string | undefined {
  const found = object === undefined ? null : new RegExp(`\\b${name}\\s*:\\s*(\\[|"(?:[^"\\\\]|\\\\.)*")`).exec(object);
  const start = found?.[1];
  if (object === undefined || found === null || start === undefined) return undefined;
  const value = jsonOrText(start === "[" ? (enclosed(object, found.index + found[0].length - 1) ?? "") : start);
  return Array.isArray(value) ? value.join("\n") : String(value);
}

/** `{"errors":[{"message":"…"}]}`, or `{"error":[{"message":"…"}]}` of the REST part. */
function failureIn(value: unknown): Failure | undefined {
  const [first] = [...listField(value, "errors"), ...listField(value, "error")];
  const message = textField(first, "message");
  return message === undefined ? undefined : { type: "graphql_error", message };
}

/** Numbers of `_additional` may come as texts. */
function isNearBy(object: unknown, name: string): boolean {
  return Number.isFinite(Number(field(field(object, "_additional"), name) ?? undefined));
}

function documentOf(object: unknown): FoundDocument {
  const additional = field(object, "_additional");
  const told = ["distance", "score", "certainty"].find((name) => isNearBy(object, name));
  const score = told === undefined ? undefined : Number(field(additional, told));
  return documentWithFields(field(additional, "id"), score, object, ["_additional"]);
}

function readImport(call: Call): Reading | undefined {
  const isImport = (request: JsonRecord): boolean => Array.isArray(request["objects"]);
  // A list, in which each object has its own result.
  const answered = parseJson(call.responseBody);
  const exchange = storeExchange(
    call,
    isImport,
    () => true,
    () => failureIn(answered),
    { requestBody: call.requestBody, responseBody: "{}" },
  );
  if (exchange === undefined) return undefined;
  const objects = listField(exchange.asked, "objects");
  const classes = new Set(objects.map((object) => textField(object, "class")));
  const [collection] = classes.size === 1 ? classes : [];
  return writeReading(call, {
    system: "weaviate",
    operation: "import",
    collection,
    count: recordOf(exchange.asked) && objects.length,
    failure: exchange.failure,
  });
}
