import { Buffer } from "node:buffer";
import { isObject } from "../dialect/json-of.ts";
import type { Json } from "@telltale/model";
import { formats } from "../formats/index.ts";
import type { FormatRecord } from "../format.ts";
import type { Format as FormatName } from "../journal/journal.ts";

/** The records of a journal body that is not OTLP. Throws where the body is no JSON object, which no receiver wrote. */
export function readFormat(name: FormatName, body: Uint8Array, receivedAt: bigint): Iterable<FormatRecord> {
  const format = formats.find((candidate) => candidate.name === name);
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
  const parsed: Json = JSON.parse(text);
  if (!format || !isObject(parsed)) throw new Error(`no body in the format ${name}`);
  return format.read(parsed, receivedAt);
}
