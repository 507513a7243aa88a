import type { AttributeMap } from "../attribute-value.ts";
import { describeValue } from "../span/describe-value.ts";
import type { Call, Reading } from "../wire.ts";
import type { FoundDocument } from "./found-document.ts";

/** What both directions of a store have in common. */
interface StoreCall {
  /** As `db.system.name` spells it. */
  readonly system: string;
  /** As the store names it: `query`, `upsert`. */
  readonly operation: string;
  /** Collection, index or table. */
  readonly collection: string | undefined;
  /** What stands around the collection, or divides it. */
  readonly namespace?: string | undefined;
  readonly failure?: Reading["failure"];
}

/** A search in a vector store. */
export interface Retrieval extends StoreCall {
  /** Where the store makes the vector of the text, or searches words. */
  readonly queryText?: string | undefined;
  readonly topK?: number | undefined;
  readonly filter?: unknown;
  /** What `score` of the documents is; with a distance the lowest is the nearest. */
  readonly measure?: "similarity" | "distance" | undefined;
  /** Undefined when no answer told of any. */
  readonly documents: readonly FoundDocument[] | undefined;
}

/**
 * The span of a search: `retrieval {collection}`, in the names of the conventions for retrievals and
 * for databases (`db.*`). The vector is never told, nor is anything of the content unless it is wanted.
 */
export function retrievalReading(retrieval: Retrieval, captureContent: boolean): Reading {
  const { topK, documents } = retrieval;
  const attributes: AttributeMap = new Map([["gen_ai.operation.name", "retrieval"]]);
  setStore(attributes, retrieval);
  if (retrieval.collection !== undefined) attributes.set("gen_ai.data_source.id", retrieval.collection);
  if (topK !== undefined && Number.isSafeInteger(topK)) attributes.set("gen_ai.retrieval.top_k", topK);
  if (documents !== undefined) attributes.set("db.response.returned_rows", documents.length);
  if (retrieval.measure !== undefined && documents?.some(({ score }) => score !== undefined) === true) {
    attributes.set("telltale.retrieval.score_measure", retrieval.measure);
  }
  if (captureContent) setContent(attributes, retrieval);
  return {
    name: retrieval.collection === undefined ? "retrieval" : `retrieval ${retrieval.collection}`,
    kind: "retrieval",
    attributes,
    failure: retrieval.failure,
  };
}

function setContent(attributes: AttributeMap, { queryText, filter, documents }: Retrieval): void {
  if (queryText !== undefined) attributes.set("gen_ai.retrieval.query.text", queryText);
  const told = filter === undefined || filter === null ? undefined : describeValue(filter);
  if (told !== undefined) attributes.set("telltale.retrieval.filter", told);
  const found = documents === undefined ? undefined : describeValue(documents);
  if (found !== undefined) attributes.set("gen_ai.retrieval.documents", found);
}

/** Documents or vectors that are put into a store. */
export interface StoreWrite extends StoreCall {
  /** Undefined when it is not known. */
  readonly count: number | undefined;
}

/** The span of a write: which collection, and how many; nothing of what they hold. */
export function writeReading(call: Call, write: StoreWrite): Reading {
  const attributes: AttributeMap = new Map([["gen_ai.operation.name", write.operation]]);
  setStore(attributes, write);
  if (write.count !== undefined) attributes.set("db.operation.batch.size", write.count);
  return {
    name: write.collection === undefined ? write.operation : `${write.operation} ${write.collection}`,
    kind: "span",
    attributes,
    failure: write.failure,
    // What a write is answered beside its status, few clients read.
    ...(call.outcome === "abandoned" && call.status !== undefined ? { outcome: "complete" } : {}),
  };
}

function setStore(attributes: AttributeMap, { system, operation, collection, namespace }: StoreCall): void {
  attributes.set("db.system.name", system);
  attributes.set("db.operation.name", operation);
  if (collection !== undefined) attributes.set("db.collection.name", collection);
  if (namespace !== undefined && namespace !== "") attributes.set("db.namespace", namespace);
}
