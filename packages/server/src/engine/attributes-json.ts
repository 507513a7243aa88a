import type { Attributes, AttributeValue } from "@telltale/model";

/** Keys recur in every span; their quoted form is kept. Bounded, since keys are hostile input. */
const QUOTED_KEYS_KEPT = 20_000;
const quotedKeys = new Map<string, string>();

function quotedKey(key: string): string {
  let quoted = quotedKeys.get(key);
  if (quoted === undefined) {
    quoted = JSON.stringify(pathOf(key)) + ":";
    if (quotedKeys.size < QUOTED_KEYS_KEPT) quotedKeys.set(key, quoted);
  }
  return quoted;
}

/** The engine reads dots as nesting: a path must have no empty step, so those become `_`. */
function pathOf(key: string): string {
  return key
    .split(".")
    .map((step) => step || "_")
    .join(".");
}

/** Attributes as the JSON text of the `attributes` column, every value with its own type. */
export function attributesJson(attributes: Attributes): string {
  let text = "{";
  for (const [key, value] of attributes) text += (text.length > 1 ? "," : "") + quotedKey(key) + attributeJson(value);
  return text + "}";
}

/** One attribute value as JSON text; bytes as base64, NaN and infinities as text. */
export function attributeJson(value: AttributeValue): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.isWellFormed() ? value : value.toWellFormed());
    case "number":
      return Number.isFinite(value) ? String(value) : `"${value}"`;
    case "bigint":
    case "boolean":
      return String(value);
  }
  if (value === null) return "null";
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("base64")}"`;
  if (value instanceof Map) return attributesJson(value);
  return `[${(value as readonly AttributeValue[]).map(attributeJson).join(",")}]`;
}
