import type { Filter, FilterCondition, MatchFilter, NumberFilter } from "@telltale/model";
import { findFilterField } from "@telltale/model";
import { attributeText, SPAN_TEXT, TRACE_NUMBERS, TRACE_TEXT } from "./filter-columns.ts";
import { compileText } from "./compile-text.ts";
import { likePattern } from "./like-pattern.ts";
import type { StatementParameters } from "./statement-parameters.ts";

/** Where a filter is used. */
export interface FilterTarget {
  readonly parameters: StatementParameters;
  /** SQL over `span_rows` that leaves out no span of the traces in question; `1` for all. */
  readonly spans: string;
}

/**
 * SQL over `trace_summaries` that is 1 for a trace that passes and 0 for every other, never NULL, so
 * that a negation is the exact rest. Values reach the engine as parameters only.
 */
export function compileFilter(filter: Filter, target: FilterTarget): string {
  return filter.type === "everything" ? "1" : condition(filter, target);
}

function condition(filter: FilterCondition, target: FilterTarget): string {
  switch (filter.type) {
    case "and":
      return `(${filter.filters.map((part) => condition(part, target)).join(" AND ")})`;
    case "or":
      return `(${filter.filters.map((part) => condition(part, target)).join(" OR ")})`;
    case "not":
      return `NOT ${condition(filter.filter, target)}`;
    case "known":
      return `isNotNull(${traceNumber(filter.field)})`;
    case "number":
      return numberCondition(filter, target);
    case "match":
      return matchCondition(filter, target);
    case "text":
      return textCondition(filter.text, target);
  }
}

function traceNumber(field: string): string {
  const column = TRACE_NUMBERS.get(field);
  if (column === undefined) throw new TypeError(`no column for the number field ${field}`);
  return column;
}

function numberCondition({ field, operator, value }: NumberFilter, target: FilterTarget): string {
  const { parameters } = target;
  if (!findFilterField(field)?.key)
    return `ifNull(${traceNumber(field)} ${operator} ${parameters.bind("Int64", value)}, 0)`;
  const number = `toFloat64OrNull(${attributeText(field, parameters)})`;
  return someSpan(`ifNull(${number} ${operator} ${parameters.bind("Float64", value)}, 0)`, target);
}

function matchCondition({ field, pattern }: MatchFilter, target: FilterTarget): string {
  const { parameters } = target;
  if (field === "tag") return tagCondition(pattern, parameters);
  const traceColumn = TRACE_TEXT.get(field);
  if (traceColumn !== undefined) return matches(traceColumn, pattern, parameters);
  const columns = findFilterField(field)?.key ? [attributeText(field, parameters)] : SPAN_TEXT.get(field);
  if (columns === undefined) throw new TypeError(`no column for the field ${field}`);
  // Without a value: no span of the trace has one. Else nearly every trace would pass.
  const nowhere = pattern.length === 1 && pattern[0] === "";
  const wanted = nowhere ? ["", ""] : pattern;
  const some = someSpan(columns.map((column) => matches(column, wanted, parameters)).join(" OR "), target);
  return nowhere ? `NOT ${some}` : some;
}

function matches(column: string, pattern: readonly string[], parameters: StatementParameters): string {
  if (pattern.length === 1) return `${column} = ${parameters.bind("String", pattern[0]!)}`;
  if (pattern.every((piece) => piece === "")) return `${column} != ''`;
  return `${column} LIKE ${parameters.bind("String", likePattern(pattern))}`;
}

function tagCondition(pattern: readonly string[], parameters: StatementParameters): string {
  if (pattern.every((piece) => piece === "")) return pattern.length === 1 ? "empty(tags)" : "notEmpty(tags)";
  if (pattern.length === 1) return `has(tags, ${parameters.bind("String", pattern[0]!)})`;
  return `arrayExists(tag -> ${matches("tag", pattern, parameters)}, tags)`;
}

function someSpan(where: string, { spans }: FilterTarget): string {
  return (
    `trace_id IN (SELECT trace_id FROM telltale_data.span_rows WHERE (${where}) AND ${spans}` +
    " AND row NOT IN (SELECT row FROM telltale_data.superseded))"
  );
}

/** Words in the content of a span, or in the name of the first. */
function textCondition(text: string, target: FilterTarget): string {
  const [root, input, output] = ["root_name", "input", "output"].map((column) =>
    compileText(column, text, target.parameters),
  );
  return `(${root} OR ${someSpan(`${input} OR ${output}`, target)})`;
}
