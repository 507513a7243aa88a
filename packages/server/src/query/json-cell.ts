import type { Json } from "@telltale/model";

/** Name and ClickHouse type of a column of an answer. */
export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

const WRAPPER = /^(?:Nullable|LowCardinality|SimpleAggregateFunction)\((?:\w+, )?(.*)\)$/;

/**
 * How a value of a type, as the engine's JSON has it, goes out: decimals as numbers, 64-bit and
 * larger integers as numbers where a double holds them and as text where not, the rest as it is.
 */
export function jsonCell(type: string): (value: unknown) => Json {
  const inner = WRAPPER.exec(type)?.[1];
  if (inner !== undefined) return jsonCell(inner);
  if (/^U?Int(?:64|128|256)$/.test(type)) return integer;
  if (type.startsWith("Decimal")) return (value) => (typeof value === "string" ? Number(value) : (value as Json));
  const items = /^Array\((.*)\)$/.exec(type)?.[1];
  if (items !== undefined) {
    const cell = jsonCell(items);
    return (value) => (Array.isArray(value) ? value.map(cell) : (value as Json));
  }
  return (value) => value as Json;
}

function integer(value: unknown): Json {
  const number = typeof value === "string" ? Number(value) : value;
  if (value === null) return null;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : String(value);
}
