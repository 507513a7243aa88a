import type { Filter, FilterCondition } from "@telltale/model";

/** Values of one field that a filter asks for, and those it leaves out. */
export interface FieldChoice {
  readonly included: ReadonlySet<string>;
  readonly excluded: ReadonlySet<string>;
}

/** The conditions that must all hold. */
function conditions(filter: Filter): readonly FilterCondition[] {
  if (filter.type === "everything") return [];
  return filter.type === "and" ? filter.filters : [filter];
}

function fromConditions(parts: readonly FilterCondition[]): Filter {
  const [first] = parts;
  if (first === undefined) return { type: "everything" };
  return parts.length === 1 ? first : { type: "and", filters: parts };
}

/** The values of a condition that is nothing but `field:a` or `(field:a OR field:b)`; else `undefined`. */
function plainValues(condition: FilterCondition, field: string): string[] | undefined {
  if (condition.type === "match" && condition.field === field && condition.pattern.length === 1)
    return [condition.pattern[0] ?? ""];
  if (condition.type !== "or") return undefined;
  const values: string[] = [];
  for (const part of condition.filters) {
    const own = part.type === "match" ? plainValues(part, field) : undefined;
    if (own === undefined) return undefined;
    values.push(...own);
  }
  return values;
}

/** Which values of a field are chosen, as far as the filter says so plainly. */
export function fieldChoice(filter: Filter, field: string): FieldChoice {
  const included = new Set<string>();
  const excluded = new Set<string>();
  for (const condition of conditions(filter)) {
    for (const value of plainValues(condition, field) ?? []) included.add(value);
    if (condition.type !== "not") continue;
    for (const value of plainValues(condition.filter, field) ?? []) excluded.add(value);
  }
  return { included, excluded };
}

/** The filter with one value of a field chosen, left out, or neither; all else stays as it is. */
export function chooseValue(
  filter: Filter,
  field: string,
  value: string,
  choice: "include" | "exclude" | "clear",
): Filter {
  const { included, excluded } = fieldChoice(filter, field);
  const rest = conditions(filter).filter(
    (condition) =>
      plainValues(condition, field) === undefined &&
      (condition.type !== "not" || plainValues(condition.filter, field) === undefined),
  );
  const wanted = new Set(included);
  const unwanted = new Set(excluded);
  wanted.delete(value);
  unwanted.delete(value);
  if (choice === "include") wanted.add(value);
  if (choice === "exclude") unwanted.add(value);
  return fromConditions([...rest, ...anyOf(field, [...wanted]), ...[...unwanted].map((one) => not(field, one))]);
}

/** The filter without any plain choice on a field. */
export function clearField(filter: Filter, field: string): Filter {
  const { included, excluded } = fieldChoice(filter, field);
  let rest = filter;
  for (const value of [...included, ...excluded]) rest = chooseValue(rest, field, value, "clear");
  return rest;
}

function match(field: string, value: string): FilterCondition {
  return { type: "match", field, pattern: [value] };
}

function not(field: string, value: string): FilterCondition {
  return { type: "not", filter: match(field, value) };
}

function anyOf(field: string, values: readonly string[]): FilterCondition[] {
  const [first] = values;
  if (first === undefined) return [];
  if (values.length === 1) return [match(field, first)];
  return [{ type: "or", filters: values.map((value) => match(field, value)) }];
}
