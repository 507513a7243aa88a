import { jsonOrText } from "../json/read-json.ts";
import { documentWithFields, type FoundDocument } from "../retrieval/found-document.ts";
import { zeroEnded } from "./message-reader.ts";

/** A column of an answer. */
export interface Column {
  readonly name: string;
  /** The object id of its type in `pg_type`. */
  readonly type: number;
  readonly isBinary: boolean;
}

/** Of `pg_type`: int8, int2, int4, float4, float8, numeric. */
const NUMBERS = new Set([20, 21, 23, 700, 701, 1700]);
/** json and jsonb. */
const JSONS = new Set([114, 3802]);
const IDS = ["id", "uuid", "document_id", "doc_id", "chunk_id", "key"];
/** What programs call the distance; unnamed, PostgreSQL calls it `?column?`. */
const DISTANCES = ["distance", "dist", "_distance", "?column?"];
const SIMILARITIES = ["similarity", "score", "_score", "rank", "relevance"];
/** `[0.1,0.2,…]` */
const VECTOR = /^\[\s*-?[\d.]+(?:e-?\d+)?\s*[,\]]/i;

/** Columns of a RowDescription. Throws when it is none. */
export function columnsOf(body: Buffer): readonly Column[] {
  const columns: Column[] = [];
  let at = 2;
  for (let left = body.readUInt16BE(0); left > 0; left--) {
    const [name, next] = zeroEnded(body, at);
    columns.push({ name, type: body.readUInt32BE(next + 6), isBinary: body.readUInt16BE(next + 16) === 1 });
    at = next + 18;
  }
  return columns;
}

/** Values of a DataRow by column. Throws when it is none. */
function valuesOf(body: Buffer, columns: readonly Column[]): Map<string, unknown> {
  const values = new Map<string, unknown>();
  let at = 2;
  for (const column of columns.slice(0, body.readUInt16BE(0))) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) continue;
    if (!column.isBinary) values.set(column.name, valueOf(body.toString("utf8", at, at + length), column.type));
    at += length;
  }
  return values;
}

function valueOf(text: string, type: number): unknown {
  if (NUMBERS.has(type)) return Number.isSafeInteger(Number(text)) || /[.e]/i.test(text) ? Number(text) : text;
  if (JSONS.has(type)) return jsonOrText(text);
  return VECTOR.test(text) ? `[${text.split(",").length} numbers]` : text;
}

/** What the answer calls the nearness of a row. */
export function measureOf(columns: readonly Column[]): "distance" | "similarity" | undefined {
  if (columns.some(({ name }) => SIMILARITIES.includes(name))) return "similarity";
  return columns.some(({ name }) => DISTANCES.includes(name)) ? "distance" : undefined;
}

/** A row as a document: its id, its nearness and its text by the names of the columns. */
export function documentOfRow(row: Buffer, columns: readonly Column[]): FoundDocument {
  const values = valuesOf(row, columns);
  const id = IDS.find((name) => values.has(name));
  const nearness = [...SIMILARITIES, ...DISTANCES].find((name) => typeof values.get(name) === "number");
  const taken = [id, nearness].filter((name) => name !== undefined);
  return documentWithFields(
    id === undefined ? undefined : values.get(id),
    nearness === undefined ? undefined : values.get(nearness),
    values,
    taken,
  );
}
