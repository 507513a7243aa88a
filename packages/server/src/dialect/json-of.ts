import type { AttributeValue, Json } from "@telltale/model";

/** A JSON object, as a parser or `jsonOf` makes it. */
export type JsonObject = { readonly [key: string]: Json };

/** Attribute values nested deeper than this are cut to null; real messages nest to about ten. */
const MAX_DEPTH = 64;

/** JSON of an attribute value: a kvlist becomes an object without prototype, bytes base64, NaN text. */
export function jsonOf(value: AttributeValue, depth = 0): Json {
  if (typeof value === "string" || typeof value === "boolean" || value === null) return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (depth > MAX_DEPTH) return null;
  if (isMap(value)) {
    const object: Record<string, Json> = Object.create(null);
    for (const [key, item] of value) object[key] = jsonOf(item, depth + 1);
    return object;
  }
  return value.map((item) => jsonOf(item, depth + 1));
}

/** Whether an attribute value is a kvlist. */
export function isMap(value: AttributeValue | undefined): value is ReadonlyMap<string, AttributeValue> {
  return value instanceof Map;
}

/** The value of a text that is JSON of an object, an array or a string; `undefined` for any other text. */
export function parseJson(text: string): Json | undefined {
  const first = text.charCodeAt(firstCharacter(text));
  if (first !== 0x7b && first !== 0x5b && first !== 0x22) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** JSON of a value; `undefined` where it nests deeper than the stack, which the parser takes and the writer does not. */
export function jsonText(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function firstCharacter(text: string): number {
  let index = 0;
  while (index < text.length && text.charCodeAt(index) <= 0x20) index++;
  return index;
}

/** Whether a JSON value is an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a JSON value is an array. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** A member that is an object. */
export function objectIn(value: Json | undefined, key: string): JsonObject | undefined {
  const member = memberOf(value, key);
  return isObject(member) ? member : undefined;
}

/** A member that is text with something in it. */
export function textIn(value: Json | undefined, key: string): string | undefined {
  const member = memberOf(value, key);
  return typeof member === "string" && member !== "" ? member : undefined;
}

/** An own member of an object. */
export function memberOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** A member that is a whole number of tokens, or its digits as text. */
export function countIn(value: Json | undefined, key: string): number | undefined {
  const told = memberOf(value, key);
  const member = typeof told === "string" && /^\d{1,15}$/.test(told) ? Number(told) : told;
  return typeof member === "number" && Number.isSafeInteger(member) && member >= 0 ? member : undefined;
}
