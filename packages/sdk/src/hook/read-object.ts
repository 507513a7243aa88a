/**
 * A property of an object that a framework handed over: its own or inherited, by getter too.
 * Undefined where there is none, or where asking for it throws.
 */
export function property(value: unknown, name: string | symbol): unknown {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}

/** The text in a property; undefined when it is empty or anything else. */
export function textOf(value: unknown, name: string): string | undefined {
  const text = property(value, name);
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** The finite number in a property. */
export function numberOf(value: unknown, name: string): number | undefined {
  const number = property(value, name);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The list in a property, or an empty one. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  const list = property(value, name);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}
