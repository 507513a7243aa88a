import type { Attributes, AttributeValue } from "@telltale/model";
import { parseJson } from "./json-of.ts";

/** An attribute that is text with something in it. */
export function textAt(attributes: Attributes, key: string): string | undefined {
  const value = attributes.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The first of the attributes that is text with something in it. */
export function firstText(attributes: Attributes, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** Text of a text or a number: ids and versions come as either. */
export function scalarText(value: AttributeValue | undefined): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" || typeof value === "bigint" ? String(value) : undefined;
}

/** A whole number ≥ 0, told as a number or as digits; `undefined` for anything else. */
function countAt(attributes: Attributes, key: string): number | undefined {
  const value = attributes.get(key);
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (value === undefined) return undefined;
  if (typeof value === "bigint" || (typeof value === "string" && /^\d{1,15}$/.test(value))) {
    const count = Number(value);
    return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
  }
  return undefined;
}

/** The first of the attributes that is a whole number ≥ 0. */
export function firstCount(attributes: Attributes, keys: readonly string[]): number | undefined {
  for (const key of keys) {
    const count = countAt(attributes, key);
    if (count !== undefined) return count;
  }
  return undefined;
}

/** A finite number, told as a number or in text. */
export function numberOf(value: AttributeValue | undefined): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "bigint") return Number(number);
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** The texts of an array, of JSON of an array, or the one text. */
export function textsOf(value: AttributeValue | undefined): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  const list = typeof value === "string" && value.startsWith("[") ? parseJson(value) : value;
  if (Array.isArray(list)) return list.filter((item): item is string => typeof item === "string" && item !== "");
  return typeof value === "string" ? [value] : [];
}
