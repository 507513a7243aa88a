const NAMES = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"];

/** The sender's word, else the name of the number (1–24) as the logs data model spells it: `INFO`, `WARN2`; else "". */
export function severityName(text: string, number: number): string {
  const name = NAMES[Math.floor((number - 1) / 4)];
  if (text !== "" || name === undefined || !Number.isInteger(number)) return text;
  const step = ((number - 1) % 4) + 1;
  return step === 1 ? name : name + String(step);
}

/** The event's name: the field, else the attribute that older SDKs used. */
export function eventNameOf(field: string, attribute: unknown): string {
  return field === "" && typeof attribute === "string" ? attribute : field;
}
