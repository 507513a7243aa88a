import { Buffer } from "node:buffer";
import type { Attributes, AttributeValue, Instant } from "@telltale/model";
import { MAX_ATTRIBUTES, MAX_KEY_BYTES, MAX_VALUE_DEPTH } from "./limits.ts";
import { TOO_DEEP, UNREADABLE } from "./limits.ts";

const NO_ATTRIBUTES: Attributes = new Map();
const MAX_INT64 = 2n ** 63n;
const SPECIAL_DOUBLES = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** The attributes of one holder, at most {@link MAX_ATTRIBUTES} of them. Anything that is no array gives none. */
export function jsonAttributes(list: unknown): Attributes {
  if (!Array.isArray(list) || list.length === 0) return NO_ATTRIBUTES;
  const attributes = new Map<string, AttributeValue>();
  for (const item of list.slice(0, MAX_ATTRIBUTES)) addKeyValue(item, attributes, 0);
  return attributes;
}

/** How many of these attributes `jsonAttributes` leaves out. */
export function droppedOf(list: unknown): number {
  return Array.isArray(list) ? Math.max(0, list.length - MAX_ATTRIBUTES) : 0;
}

/** A single `AnyValue`, as in the body of a log record. */
export function jsonAnyValue(value: unknown): AttributeValue {
  return anyValue(value, 0);
}

function addKeyValue(item: unknown, into: Map<string, AttributeValue>, depth: number): void {
  if (typeof item !== "object" || item === null) return;
  const { key, value } = item as { key?: unknown; value?: unknown };
  if (typeof key === "string") into.set(cutKey(wellFormed(key)), anyValue(value, depth));
}

function cutKey(key: string): string {
  // Characters are at most bytes, so short keys need no counting.
  if (key.length <= MAX_KEY_BYTES / 3) return key;
  const bytes = Buffer.from(key);
  if (bytes.length <= MAX_KEY_BYTES) return key;
  let cut = MAX_KEY_BYTES;
  while (((bytes[cut] ?? 0) & 0xc0) === 0x80) cut--;
  return bytes.toString("utf8", 0, cut) + "…";
}

function anyValue(value: unknown, depth: number): AttributeValue {
  if (value === null || value === undefined) return null;
  if (typeof value !== "object") return bareValue(value);
  const any = value as Readonly<Record<string, unknown>>;
  if (any.stringValue != null) return bareValue(any.stringValue);
  if (any.intValue != null) return jsonInt64(any.intValue) ?? UNREADABLE;
  if (any.boolValue != null) return any.boolValue === true || any.boolValue === "true";
  if (any.doubleValue != null) return jsonDouble(any.doubleValue) ?? UNREADABLE;
  if (any.arrayValue != null) return arrayValue(any.arrayValue, depth + 1);
  if (any.kvlistValue != null) return listValue(any.kvlistValue, depth + 1);
  if (any.bytesValue == null) return null;
  return typeof any.bytesValue === "string" ? new Uint8Array(Buffer.from(any.bytesValue, "base64")) : UNREADABLE;
}

/** Text, or a value without its `AnyValue` around it: not OTLP, but there is only one way to understand it. */
function bareValue(value: unknown): AttributeValue {
  if (typeof value === "string") return wellFormed(value);
  return typeof value === "number" || typeof value === "boolean" ? value : UNREADABLE;
}

/** JSON can escape half a character; protobuf text can not, and nothing behind here expects it. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

function arrayValue(value: unknown, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) return TOO_DEEP;
  return valuesOf(value).map((item) => anyValue(item, depth));
}

function listValue(value: unknown, depth: number): AttributeValue {
  if (depth > MAX_VALUE_DEPTH) return TOO_DEEP;
  const entries = new Map<string, AttributeValue>();
  for (const item of valuesOf(value)) addKeyValue(item, entries, depth);
  return entries;
}

function valuesOf(value: unknown): readonly unknown[] {
  const values = typeof value === "object" && value !== null ? (value as { values?: unknown }).values : undefined;
  return Array.isArray(values) ? values : [];
}

/** An int64 as number or text (R9: both are legal); a bigint outside ±(2⁵³-1); `undefined` when it is none. */
export function jsonInt64(value: unknown): number | bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string" || !/^-?\d{1,20}$/.test(value)) return undefined;
  const number = Number(value);
  // The sum turns -0 into 0.
  if (Number.isSafeInteger(number)) return number + 0;
  const exact = BigInt(value);
  return exact >= -MAX_INT64 && exact < MAX_INT64 ? exact : undefined;
}

/** A double as number or text, also NaN and the infinities; `undefined` when it is none. */
export function jsonDouble(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || value === "") return undefined;
  const number = SPECIAL_DOUBLES.get(value) ?? Number(value);
  return Number.isNaN(number) && value !== "NaN" ? undefined : number;
}

/**
 * Nanoseconds as text or number, or as `{low, high}` as old JavaScript exporters write them;
 * 0n when it is none.
 */
export function jsonInstant(value: unknown): Instant {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt.asUintN(64, BigInt(value));
  if (typeof value === "number" && value > 0 && value < 2 ** 64) return BigInt(Math.round(value));
  if (typeof value === "object" && value !== null) {
    const { low, high } = value as { low?: unknown; high?: unknown };
    if (typeof low === "number" && typeof high === "number") return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  }
  return 0n;
}

/** A uint32: 0 when it is none. */
export function jsonCount(value: unknown): number {
  const count = Number(jsonInt64(value) ?? 0);
  return Math.min(Math.max(0, count), 0xffff_ffff);
}

/** Text; "" when it is none. */
export function jsonText(value: unknown): string {
  return typeof value === "string" ? wellFormed(value) : "";
}
