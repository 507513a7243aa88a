import type { Buffer } from "node:buffer";
import type { Json } from "@telltale/model";
import { jsonText } from "../dialect/json-of.ts";
import { MAX_JSON_MARKS, MAX_VALUE_DEPTH, TOO_DEEP } from "../otlp/limits.ts";
import { Refusal } from "./refusal.ts";

/** Values this deep are in some record of a batch, whose own limit is {@link MAX_VALUE_DEPTH}. */
const MAX_DEPTH = MAX_VALUE_DEPTH + 16;

/**
 * The value of a JSON text. What nests deeper than anybody means is replaced by a marker: the parser takes any depth, but
 * whoever writes the value again goes as deep in the stack. Throws `Refusal` (400) where it is no JSON.
 */
export function readJson(body: Buffer): Json {
  const { depth, marks } = shapeOf(body);
  if (marks > MAX_JSON_MARKS) throw new Refusal(400, `more than ${MAX_JSON_MARKS} values: send smaller batches`);
  const text = body.toString("utf8").replace(/^\uFEFF/, "");
  try {
    const value = JSON.parse(text) as Json;
    return depth > MAX_DEPTH ? pruned(value, MAX_DEPTH) : value;
  } catch (error) {
    throw new Refusal(400, `not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** JSON of what {@link readJson} gave, or of what was made of it. */
export function writeJson(value: unknown): string {
  const text = jsonText(value);
  if (text === undefined) throw new Refusal(400, "the values nest too deep");
  return text;
}

/** The deepest nesting, and the brackets and commas outside of strings, in one pass over the bytes. */
function shapeOf(body: Buffer): { readonly depth: number; readonly marks: number } {
  let level = 0;
  let depth = 0;
  let marks = 0;
  let isInString = false;
  for (let index = 0; index < body.length; index++) {
    const byte = body[index];
    if (isInString) {
      if (byte === 0x5c) index++;
      else if (byte === 0x22) isInString = false;
    } else if (byte === 0x22) isInString = true;
    else if (byte === 0x2c) marks++;
    else if (byte === 0x7d || byte === 0x5d) level--;
    else if (byte === 0x7b || byte === 0x5b) {
      marks++;
      if (++level > depth) depth = level;
    }
  }
  return { depth, marks };
}

function pruned(value: Json, levels: number): Json {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) return TOO_DEEP;
  if (Array.isArray(value)) return value.map((item: Json) => pruned(item, levels - 1));
  const kept: Record<string, Json> = Object.create(null);
  for (const [key, item] of Object.entries(value)) kept[key] = pruned(item, levels - 1);
  return kept;
}
