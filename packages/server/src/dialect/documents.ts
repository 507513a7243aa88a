import type { AttributeValue, Content, Json, RetrievedDocument } from "@telltale/model";
import { anyContent } from "./content.ts";
import { isArray, isObject, jsonOf, memberOf, objectIn, parseJson, textIn } from "./json-of.ts";

/** Where a document's text lies in the vector stores' and frameworks' shapes. */
const CONTENT_MEMBERS = ["content", "text", "page_content", "pageContent", "document"];
const ID_MEMBERS = ["id", "id_", "document_id", "doc_id"];
const SCORE_MEMBERS = ["score", "relevance_score", "relevanceScore", "similarity"];

/** Documents of a list in any of the known shapes, `{documents: […]}` or `{nodes: […]}`. */
export function documentsOf(value: Json | undefined): readonly RetrievedDocument[] | undefined {
  const list = isArray(value)
    ? value
    : (memberOf(value, "documents") ?? memberOf(value, "nodes") ?? memberOf(value, "results"));
  if (!isArray(list) || list.length === 0) return undefined;
  const documents: RetrievedDocument[] = [];
  for (const item of list) {
    const document = documentOf(item);
    if (!document) return undefined;
    documents.push(document);
  }
  return documents;
}

function documentOf(item: Json): RetrievedDocument | undefined {
  const told = objectIn(item, "node") ?? objectIn(item, "document") ?? item;
  if (!isObject(told)) return undefined;
  const content = firstIn(told, CONTENT_MEMBERS);
  const id = firstIn(told, ID_MEMBERS);
  if (content === undefined && id === undefined) return undefined;
  const score = SCORE_MEMBERS.map((key) => memberOf(item, key)).find((each) => typeof each === "number");
  const metadata = memberOf(told, "metadata");
  return {
    ...(id === undefined ? {} : { id }),
    ...(content === undefined ? {} : { content }),
    ...(typeof score === "number" ? { score } : {}),
    ...(metadata === undefined || metadata === null ? {} : { metadata }),
  };
}

function firstIn(value: Json, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textIn(value, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The content of an attribute that holds documents; json or text where they cannot be made out. */
export function documentsContent(value: AttributeValue | undefined): Content | undefined {
  if (value === undefined) return undefined;
  const parsed = typeof value === "string" ? parseJson(value) : jsonOf(value);
  const documents = documentsOf(parsed);
  if (!documents) return anyContent(value);
  return { type: "documents", documents };
}
