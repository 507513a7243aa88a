import type { Json } from "@telltale/model";

/**
 * Attributes by their dotted key from the engine's nested JSON. Objects have no prototype, since
 * keys are what a sender wrote. Integers beyond 2⁵³ stay exact as text.
 */
export function flatAttributes(text: string): { [key: string]: Json } {
  const flat: { [key: string]: Json } = Object.create(null);
  if (text === "") return flat;
  const visit = (prefix: string, value: Json): void => {
    if (!isObject(value) || Object.keys(value).length === 0) flat[prefix] = value;
    else for (const [key, inner] of Object.entries(value)) visit(prefix ? `${prefix}.${key}` : key, inner);
  };
  for (const [key, value] of Object.entries(parseExactly(text))) visit(key, value);
  return flat;
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a reviver is told besides key and value: the number as it was written (ECMAScript 2026). */
type ExactReviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown;

/** `JSON.parse`, but integers that a double cannot hold become their own text. */
function parseExactly(text: string): { readonly [key: string]: Json } {
  const exact: ExactReviver = (_key, value, context) =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? context?.source
      : value;
  const parsed: Json = JSON.parse(text, exact);
  return isObject(parsed) ? parsed : {};
}
