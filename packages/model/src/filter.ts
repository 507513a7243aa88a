import * as z from "zod/mini";
import { findFilterField } from "./filter-field.ts";

/** How a number is compared. */
export type FilterOperator = "=" | ">" | ">=" | "<" | "<=";

/** The filter that leaves everything in: what an empty text means. */
export interface EverythingFilter {
  readonly type: "everything";
}

/** Two or more conditions that all hold. */
export interface AndFilter {
  readonly type: "and";
  readonly filters: readonly FilterCondition[];
}

/** Two or more conditions of which one holds. */
export interface OrFilter {
  readonly type: "or";
  readonly filters: readonly FilterCondition[];
}

/** A condition that does not hold. */
export interface NotFilter {
  readonly type: "not";
  readonly filter: FilterCondition;
}

/**
 * A text field against a pattern: the literal pieces between wildcards. `["gpt-4o"]` is equality,
 * `["gpt", ""]` is `gpt*`, `["", ""]` is any value but none, `[""]` is no value.
 */
export interface MatchFilter {
  readonly type: "match";
  /** A name of `FILTER_FIELDS`, or `attribute.<key>` or `resource.<key>`. */
  readonly field: string;
  readonly pattern: readonly string[];
}

/**
 * A number field against a whole number in the field's base unit: nanoseconds, nano-dollars or a
 * count. For `attribute.<key>` and `resource.<key>` any finite number, and never `=`.
 */
export interface NumberFilter {
  readonly type: "number";
  readonly field: string;
  readonly operator: FilterOperator;
  readonly value: number;
}

/** A number field that is known at all, `cost:*`. */
export interface KnownFilter {
  readonly type: "known";
  readonly field: string;
}

/** Words that stand side by side in the content of one span, or in the name of the first. */
export interface TextFilter {
  readonly type: "text";
  readonly text: string;
}

/** A filter that can stand inside another. */
export type FilterCondition = AndFilter | OrFilter | NotFilter | MatchFilter | NumberFilter | KnownFilter | TextFilter;

/**
 * What a query bar means, as a tree. Every condition is a statement about a trace; one on a field
 * of spans holds when at least one span of the trace matches. In normal form no `and` stands
 * directly in an `and` and no `or` in an `or`: `parseFilter` gives that form.
 */
export type Filter = EverythingFilter | FilterCondition;

const several = z.array(z.lazy(() => conditionSchema)).check(z.minLength(2));

function fitsField(condition: FilterCondition): boolean {
  if (condition.type !== "match" && condition.type !== "number" && condition.type !== "known") return true;
  const field = findFilterField(condition.field);
  if (!field) return false;
  if (field.key) {
    if (condition.type === "number") return condition.operator !== "=" && Number.isFinite(condition.value);
    return condition.type === "match";
  }
  if (condition.type === "match") {
    if (field.type === "choice") return condition.pattern.length === 1 && field.values!.includes(condition.pattern[0]!);
    return field.type === "text";
  }
  if (field.type === "text" || field.type === "choice") return false;
  return condition.type === "known" || (Number.isSafeInteger(condition.value) && condition.value >= 0);
}

const conditionSchema: z.ZodMiniType<FilterCondition> = z
  .discriminatedUnion("type", [
    z.object({ type: z.literal("and"), filters: several }),
    z.object({ type: z.literal("or"), filters: several }),
    z.object({ type: z.literal("not"), filter: z.lazy(() => conditionSchema) }),
    z.object({ type: z.literal("match"), field: z.string(), pattern: z.array(z.string()).check(z.minLength(1)) }),
    z.object({
      type: z.literal("number"),
      field: z.string(),
      operator: z.enum(["=", ">", ">=", "<", "<="]),
      value: z.number(),
    }),
    z.object({ type: z.literal("known"), field: z.string() }),
    z.object({ type: z.literal("text"), text: z.string().check(z.regex(/\S/)) }),
  ])
  .check(z.refine(fitsField, "the field is unknown or does not take such a value"));

/** Validates a tree from outside, its fields and the values they take included. */
export const filterSchema: z.ZodMiniType<Filter> = z.union([
  z.object({ type: z.literal("everything") }),
  conditionSchema,
]);
