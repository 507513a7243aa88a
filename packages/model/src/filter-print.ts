import type { Filter, FilterCondition } from "./filter.ts";
import { filterFieldKey, findFilterField } from "./filter-field.ts";
import { writeFilterNumber } from "./filter-number.ts";

/** Characters that end an unquoted value or start something else in it. */
const NEEDS_QUOTES = /[\s()"*\\]/;
/** An unquoted word has no character of an operator, so that a mistake is told and not searched for. */
const PLAIN_WORD = /^[^\s()"*:\\|&!=<>~^[\]{}-][^\s()"*:\\|&!=<>~^[\]{}]*$/;
const PLAIN_KEY = /^[\w.\-/@]+$/;
const KEYWORDS = new Set(["AND", "OR", "NOT"]);

/** A filter as text: `parseFilter` reads it back to the same tree. */
export function printFilter(filter: Filter): string {
  return filter.type === "everything" ? "" : print(filter, "or");
}

function print(filter: FilterCondition, around: "or" | "and" | "not"): string {
  switch (filter.type) {
    case "or":
      return wrap(filter.filters.map((part) => print(part, "or")).join(" OR "), around !== "or");
    case "and":
      return wrap(filter.filters.map((part) => print(part, "and")).join(" "), around === "not");
    case "not":
      return `-${print(filter.filter, "not")}`;
    case "text":
      return PLAIN_WORD.test(filter.text) && !KEYWORDS.has(filter.text) ? filter.text : quote(filter.text);
    case "known":
      return `${filter.field}:*`;
    case "match":
      return `${fieldName(filter.field)}:${filter.pattern.map(piece).join("*") || '""'}`;
    case "number":
      return `${fieldName(filter.field)}:${filter.operator === "=" ? "" : filter.operator}${number(filter.field, filter.value)}`;
  }
}

function wrap(text: string, needed: boolean): string {
  return needed ? `(${text})` : text;
}

function number(name: string, value: number): string {
  const type = findFilterField(name)?.type;
  return type === "latency" || type === "cost" || type === "count" ? writeFilterNumber(type, value) : String(value);
}

function fieldName(name: string): string {
  const field = findFilterField(name);
  if (!field?.key) return name;
  const key = filterFieldKey(name);
  return `${field.name}.${PLAIN_KEY.test(key) ? key : quote(key)}`;
}

function piece(text: string): string {
  return NEEDS_QUOTES.test(text) || /^[<>=]/.test(text) ? quote(text) : text;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function quote(text: string): string {
  return `"${text.replace(/["\\\n\r\t]/g, (character) => ESCAPES.get(character)!)}"`;
}
