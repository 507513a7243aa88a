import { bytesField, type Field, numberField, readFields } from "../reading/protobuf-fields.ts";
import type { Failure } from "../reading/failure.ts";
import { documentWithFields, type FoundDocument } from "../retrieval/found-document.ts";

/** What a SearchRequest of Weaviate asks. */
export interface AskedSearch {
  /** Undefined where it only lists. */
  readonly operation: string | undefined;
  readonly collection: string | undefined;
  /** The tenant. */
  readonly namespace: string | undefined;
  readonly queryText: string | undefined;
  readonly topK: number | undefined;
}

/** The ways to search in a SearchRequest, by the number of their field; in `text` the words, where there are any. */
const SEARCHES: ReadonlyMap<number, { readonly name: string; readonly text?: number }> = new Map([
  [41, { name: "hybrid", text: 1 }],
  [42, { name: "bm25", text: 1 }],
  [43, { name: "nearVector" }],
  [44, { name: "nearObject" }],
  [45, { name: "nearText", text: 1 }],
  [46, { name: "nearImage" }],
  [47, { name: "nearAudio" }],
  [48, { name: "nearVideo" }],
  [49, { name: "nearDepth" }],
  [50, { name: "nearThermal" }],
  [51, { name: "nearImu" }],
]);
const [COLLECTION, TENANT, LIMIT] = [1, 10, 30];

/** Reads a `weaviate.v1.SearchRequest`. */
export function searchIn(request: Buffer): AskedSearch {
  let operation: string | undefined;
  let queryText: string | undefined;
  for (const { field, bytes } of readFields(request)) {
    const search = SEARCHES.get(field);
    if (search === undefined) continue;
    operation = search.name;
    if (search.text !== undefined) queryText = textsIn(bytes, search.text).join("\n") || undefined;
  }
  return {
    operation,
    collection: textIn(request, COLLECTION),
    namespace: textIn(request, TENANT),
    queryText,
    topK: numberField(request, LIMIT) || undefined,
  };
}

/** Of a SearchReply: results, and results in groups; of a group: its objects. */
const [RESULTS, GROUPS, OBJECTS] = [2, 4, 5];
/** Of a SearchResult. */
const [PROPERTIES, METADATA] = [1, 2];
/** Of the properties of a result, those that are no references. */
const OWN = 11;
/** Of its metadata: how near it is comes with a field beside it that says whether it was asked for. */
const [ID, ID_AS_BYTES] = [1, 20];
const NEARNESS: readonly (readonly [value: number, present: number, measure: "distance" | "similarity"])[] = [
  [7, 8, "distance"],
  [11, 12, "similarity"],
  [9, 10, "similarity"],
];

/** Reads a `weaviate.v1.SearchReply`. */
export function documentsIn(reply: Buffer): {
  readonly documents: readonly FoundDocument[];
  readonly measure: "distance" | "similarity";
} {
  const results = [
    ...messagesIn(reply, RESULTS),
    ...messagesIn(reply, GROUPS).flatMap((group) => messagesIn(group, OBJECTS)),
  ];
  const found = results.map((result) => {
    const metadata = bytesField(result, METADATA);
    const near = NEARNESS.find(([, present]) => numberField(metadata, present) === 1);
    const score = near === undefined ? undefined : floatIn(metadata, near[0]);
    const id = textIn(metadata, ID) ?? uuidOf(bytesField(metadata, ID_AS_BYTES));
    const properties = propertiesIn(bytesField(bytesField(result, PROPERTIES), OWN));
    return { document: documentWithFields(id, score, properties), measure: near?.[2] };
  });
  const isDistance = found.some(({ measure }) => measure === "distance");
  return { documents: found.map(({ document }) => document), measure: isDistance ? "distance" : "similarity" };
}

/** Reads a `weaviate.v1.BatchObjectsRequest`: how many objects, and of which collection where it is one. */
export function batchIn(request: Buffer): {
  collection: string | undefined;
  tenant: string | undefined;
  count: number;
} {
  const objects = messagesIn(request, 1);
  const only = (field: number): string | undefined => {
    const names = new Set(objects.map((object) => textIn(object, field)));
    return names.size === 1 ? [...names][0] : undefined;
  };
  return { collection: only(4), tenant: only(5), count: objects.length };
}

/** The first error in a `weaviate.v1.BatchObjectsReply`, which is told beside a status that is well. */
export function batchFailure(reply: Buffer): Failure | undefined {
  const [first] = messagesIn(reply, 2);
  return first === undefined ? undefined : { type: "batch_error", message: textIn(first, 2) ?? "" };
}

function messagesIn(message: Buffer, wanted: number): Buffer[] {
  const all: Buffer[] = [];
  for (const { field, wireType, bytes } of readFields(message)) if (field === wanted && wireType === 2) all.push(bytes);
  return all;
}

function textsIn(message: Buffer, wanted: number): string[] {
  return messagesIn(message, wanted).map((bytes) => bytes.toString("utf8"));
}

function textIn(message: Buffer, wanted: number): string | undefined {
  return bytesField(message, wanted).toString("utf8") || undefined;
}

/** A float is written as itself, and read as the nearest double: seven digits are what it holds. */
function floatIn(message: Buffer, wanted: number): number | undefined {
  // Zero is not written at all.
  let value = 0;
  for (const { field, wireType, bytes } of readFields(message)) {
    if (field === wanted && wireType === 5)
      value = Number(new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true).toPrecision(7));
  }
  return value;
}

function uuidOf(bytes: Buffer): string | undefined {
  if (bytes.length !== 16) return undefined;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Objects of objects of a property. */
const DEEPEST = 8;

/** Reads `weaviate.v1.Properties`, a map of names to values. */
function propertiesIn(properties: Buffer, depth = 0): ReadonlyMap<string, unknown> {
  const all = new Map<string, unknown>();
  if (depth === DEEPEST) return all;
  for (const entry of messagesIn(properties, 1)) {
    const value = valueIn(bytesField(entry, 2), depth);
    if (value !== undefined) all.set(textIn(entry, 1) ?? "", value);
  }
  return all;
}

function valueIn(value: Buffer, depth: number): unknown {
  for (const one of readFields(value)) return valueOf(one, depth);
  return undefined;
}

/** Places, pictures and numbers of telephones are left out. */
function valueOf({ field, wireType, number, bytes }: Field, depth: number): unknown {
  if (field === 1 && wireType === 1) return bytes.readDoubleLE();
  if (field === 3) return number === 1;
  if (field === 4) return Object.fromEntries(propertiesIn(bytes, depth + 1));
  if (field === 5) return listIn(bytes, depth);
  if (field === 6 || field === 7 || field === 13) return bytes.toString("utf8");
  // Whole numbers are of 64 bits with a sign, whose negative ones are larger than any that can be told.
  return field === 8 && Number.isSafeInteger(number) ? number : undefined;
}

/** A list of texts, dates or ids; of objects; of numbers, which stand one behind the other. */
function listIn(list: Buffer, depth: number): unknown {
  for (const { field, bytes } of readFields(list)) {
    if (field === 5 || field === 6 || field === 8) return textsIn(bytes, 1);
    if (field === 4) return messagesIn(bytes, 1).map((one) => Object.fromEntries(propertiesIn(one, depth + 1)));
    const values = bytesField(bytes, 1);
    const count = Math.floor(values.length / 8);
    if (field === 2) return Array.from({ length: count }, (_, index) => values.readDoubleLE(index * 8));
    if (field === 7) return Array.from({ length: count }, (_, index) => Number(values.readBigInt64LE(index * 8)));
  }
  return undefined;
}
