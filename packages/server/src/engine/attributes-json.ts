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
      return isPlain(value) ? `"${value}"` : JSON.stringify(value.toWellFormed());
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

/** Texts up to this length are looked at here; for longer ones native code is faster. */
const SHORT = 32;

/** Whether a text is its own JSON between quotes: short, printable ASCII without `"` and `\`. */
function isPlain(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e || unit === 0x22 || unit === 0x5c) return false;
  }
  return true;
}
