import { type Parameter, StoreError } from "../store.ts";
import { literal } from "./literal.ts";

/** `{name:Type}` places; the first three alternatives are text, quoted names and comments, which hold no places. */
const PLACES =
  /'(?:[^'\\]|\\[\s\S]|'')*'|`(?:[^`\\]|\\[\s\S]|``)*`|"(?:[^"\\]|\\[\s\S]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\{\s*(\w+)\s*:\s*([^{}]+?)\s*\}/g;

/**
 * Puts parameters into their `{name:Type}` places as literals. The embedded engine could bind them
 * itself, but runs bound queries one after the other in the whole process.
 * Throws `bad-query` when one is missing or does not fit its type.
 */
export function bindParameters(sql: string, parameters: Readonly<Record<string, Parameter>>): string {
  return sql.replace(PLACES, (all, name: string | undefined, type: string | undefined) => {
    if (name === undefined || type === undefined) return all;
    if (!Object.hasOwn(parameters, name)) throw new StoreError("bad-query", `The parameter ${name} has no value.`);
    return literal(parameters[name]!, type, name);
  });
}
