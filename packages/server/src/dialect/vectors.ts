import type { AttributeValue, Json } from "@telltale/model";

/** Arrays of numbers from this length on are vectors and not data that a person reads; embeddings start at 64. */
const MIN_VECTOR_LENGTH = 64;
/** Characters looked at to tell a vector written as text: enough for several numbers. */
const LOOK_AT = 120;
const NUMBERS = /^\s*\[[\d\s.,eE+-]+$/;

/** Whether a list is one long vector of numbers. */
export function isVector(value: readonly unknown[]): boolean {
  return value.length >= MIN_VECTOR_LENGTH && typeof value[0] === "number" && typeof value.at(-1) === "number";
}

function isVectorText(text: string): boolean {
  return text.length > LOOK_AT && text.charCodeAt(0) === 0x5b && NUMBERS.test(text.slice(0, LOOK_AT));
}

/** How many embedding vectors an attribute value is: 0 for all that is not only vectors. */
export function vectorsIn(value: AttributeValue | Json | undefined): number {
  if (typeof value === "string") return isVectorText(value) ? 1 : 0;
  if (!Array.isArray(value) || value.length === 0) return 0;
  if (isVector(value)) return 1;
  const first: unknown = value[0];
  const isOne = typeof first === "string" ? isVectorText(first) : Array.isArray(first) && isVector(first);
  return isOne ? value.length : 0;
}
