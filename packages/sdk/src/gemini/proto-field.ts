import { field } from "../json/read-json.ts";

/** A field that may be written as `systemInstruction` or `system_instruction`: Google takes both. */
export function protoField(value: unknown, name: string): unknown {
  return (
    field(value, name) ??
    field(
      value,
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    )
  );
}

/** The list in such a field, or an empty one. */
export function protoList(value: unknown, name: string): readonly unknown[] {
  const list = protoField(value, name);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

/** The text in such a field. */
export function protoText(value: unknown, name: string): string | undefined {
  const text = protoField(value, name);
  return typeof text === "string" ? text : undefined;
}
