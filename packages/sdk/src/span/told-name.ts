/** A name as text, whatever a program without types gave for one. */
export function toldName(given: unknown): string {
  if (typeof given === "string") return given;
  try {
    return String(given);
  } catch {
    return "unnamed";
  }
}

/** The id of a user or a conversation: databases count theirs in numbers. Undefined for what is no id. */
export function toldId(given: unknown): string | undefined {
  if (typeof given === "string") return given;
  return typeof given === "number" || typeof given === "bigint" ? String(given) : undefined;
}
