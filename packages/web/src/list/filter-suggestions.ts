import { FILTER_FIELDS, type FilterField, printFilter } from "@telltale/model";
import type { Facets } from "@telltale/server/api-types";

/** One thing that could be written at the caret. */
export interface Suggestion {
  readonly label: string;
  readonly help: string;
  /** The part of the text that it takes the place of, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
}

/** A list longer than this is not read. */
const MOST = 9;

/** Fields, then values, that fit what stands before the caret. */
export function suggestions(text: string, caret: number, facets: Facets | undefined): Suggestion[] {
  const start = wordStart(text, caret);
  const word = text.slice(start, caret);
  if (word.startsWith('"')) return [];
  const minus = word.startsWith("-") ? 1 : 0;
  const colon = word.indexOf(":");
  const place = { from: start + minus, to: wordEnd(text, caret) };
  if (colon === -1) return fieldSuggestions(word.slice(minus), place);
  const name = word.slice(minus, colon);
  const field = FILTER_FIELDS.find((candidate) => candidate.name === name);
  if (field === undefined) return [];
  return valueSuggestions(field, word.slice(colon + 1), place, facets).slice(0, MOST);
}

type Place = { readonly from: number; readonly to: number };

function fieldSuggestions(part: string, place: Place): Suggestion[] {
  const wanted = part.toLowerCase();
  const begin = FILTER_FIELDS.filter(({ name }) => name.startsWith(wanted));
  const contain = FILTER_FIELDS.filter(
    ({ name }) => !name.startsWith(wanted) && wanted !== "" && name.includes(wanted),
  );
  return [...begin, ...contain].slice(0, MOST).map((field) => ({
    label: field.key ? `${field.name}.…` : `${field.name}:`,
    help: `${field.help}, e.g. ${field.example}`,
    ...place,
    insert: field.key ? `${field.name}.` : `${field.name}:`,
  }));
}

function valueSuggestions(field: FilterField, part: string, place: Place, facets: Facets | undefined): Suggestion[] {
  const wanted = part.replaceAll('"', "").toLowerCase();
  const known = facets?.facets.find((facet) => facet.field === field.name)?.values ?? [];
  const counted = new Map(known.map(({ value, count }) => [value, count]));
  for (const value of field.values ?? []) if (!counted.has(value)) counted.set(value, 0);
  if (counted.size === 0 && part === "" && field.type !== "text") return [example(field, place)];
  return [...counted]
    .filter(
      ([value]) => value !== "" && value.toLowerCase().includes(wanted) && value.toLowerCase() !== part.toLowerCase(),
    )
    .map(([value, count]) => ({
      label: value,
      help: count === 0 ? "" : `${count} ${count === 1 ? "trace" : "traces"}`,
      ...place,
      insert: `${printFilter({ type: "match", field: field.name, pattern: [value] })} `,
    }));
}

function example(field: FilterField, place: Place): Suggestion {
  return { label: field.example, help: field.help, ...place, insert: `${field.example} ` };
}

/** Where the word at the caret begins; quoted parts belong to their word. */
function wordStart(text: string, caret: number): number {
  let start = 0;
  let isQuoted = false;
  for (let at = 0; at < caret; at++) {
    if (text[at] === '"' && text[at - 1] !== "\\") isQuoted = !isQuoted;
    else if (!isQuoted && /[\s()]/.test(text[at] ?? "")) start = at + 1;
  }
  return start;
}

function wordEnd(text: string, caret: number): number {
  const rest = text.slice(caret).search(/[\s()]/);
  return rest === -1 ? text.length : caret + rest;
}
