import { field, recordOf } from "../json/read-json.ts";

const DEEPEST = 64;

/**
 * Google's `responseSchema` in the words of JSON schema: types in lower case, `nullable` as a
 * type. What is JSON schema already stays as it is.
 */
export function jsonSchemaOf(schema: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return undefined;
  if (Array.isArray(schema)) return (schema as readonly unknown[]).map((each) => jsonSchemaOf(each, depth + 1));
  const record = recordOf(schema);
  if (record === undefined) return schema;
  const { type, nullable, ...rest } = record;
  const told: [string, unknown][] = Object.entries(rest).map(([name, value]) => [
    name,
    KEEPS.has(name) ? value : numberOf(name, jsonSchemaOf(value, depth + 1)),
  ]);
  if (typeof type === "string")
    told.push(["type", nullable === true ? [type.toLowerCase(), "null"] : type.toLowerCase()]);
  else if (type !== undefined) told.push(["type", type]);
  // A property may bear the name of a keyword: then it is an object and no schema's type.
  return Object.fromEntries(
    recordOf(field(record, "type")) === undefined ? told : [...told, ["type", jsonSchemaOf(type, depth + 1)]],
  );
}

/** Keywords whose values are the program's own. */
const KEEPS: ReadonlySet<string> = new Set(["enum", "const", "required", "default", "example", "description", "title"]);
const BOUNDS: ReadonlySet<string> = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
]);

/** Whole numbers of 64 bits come as text. */
function numberOf(name: string, value: unknown): unknown {
  return BOUNDS.has(name) && typeof value === "string" && value !== "" ? Number(value) : value;
}
