/** A JSON object whose keys are not to be trusted: read with {@link field}, never spread or copied. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The object, or undefined for anything else, lists included. */
export function recordOf(value: unknown): JsonRecord | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonRecord) : undefined;
}

/** An object's own field. */
export function field(value: unknown, name: string): unknown {
  const record = recordOf(value);
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The list in a field, or an empty one. */
export function listField(value: unknown, name: string): readonly unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

/** The text in a field; undefined when it is anything else. */
export function textField(value: unknown, name: string): string | undefined {
  const text = field(value, name);
  return typeof text === "string" ? text : undefined;
}

/** The finite number in a field; undefined when it is anything else. */
export function numberField(value: unknown, name: string): number | undefined {
  const number = field(value, name);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** Parses; undefined when the text is no JSON. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What JSON text means, or the text itself. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
