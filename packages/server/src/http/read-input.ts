import * as z from "zod";
import { QueryError } from "../query.ts";

/** The names and JSON types of a query's input, and how to read it. */
export interface InputReader {
  /** JSON Schema of the input, as a client writes it. */
  readonly schema: { readonly [keyword: string]: unknown };
  /** Names of the input's fields. */
  readonly names: readonly string[];
  /** A value from an address, which holds texts only: a number where the schema asks for one. */
  fromText(name: string, text: string): unknown;
  /** The fields, checked. Throws `QueryError`. */
  read(fields: ReadonlyMap<string, unknown>): unknown;
}

/** Makes the reader of a query's input, once. */
export function inputReader(query: { readonly input: z.ZodType }): InputReader {
  const schema = z.toJSONSchema(query.input, { io: "input", unrepresentable: "any" });
  const properties = new Map(Object.entries(schema.properties ?? {}));
  return {
    schema,
    names: [...properties.keys()],
    fromText: (name, text) => (isNumeric(properties.get(name)) && NUMBER.test(text) ? Number(text) : text),
    read(fields) {
      // Own properties only, whatever they are called: a field named __proto__ is an unknown field.
      const result = query.input.safeParse(Object.fromEntries(fields));
      if (result.success) return result.data;
      throw inputError(result.error.issues[0], [...properties.keys()]);
    },
  };
}

/** The input that the query string of an address tells, checked. Throws `QueryError`. */
export function readSearch(reader: InputReader, url: string): unknown {
  const told = [...new URL(url).searchParams].map(([name, value]) => [name, reader.fromText(name, value)] as const);
  return reader.read(new Map(told));
}

const NUMBER = /^-?\d+(\.\d+)?$/;

function isNumeric(property: unknown): boolean {
  if (typeof property !== "object" || property === null || !("type" in property)) return false;
  return property.type === "number" || property.type === "integer";
}

function inputError(issue: z.core.$ZodIssue | undefined, names: readonly string[]): QueryError {
  if (!issue) return new QueryError(400, "bad-input", "the input is not valid");
  if (issue.code === "unrecognized_keys")
    return new QueryError(
      400,
      "bad-input",
      `there is no parameter ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`,
      `allowed: ${names.join(", ")}`,
    );
  const field = issue.path.join(".") || "the input";
  return new QueryError(400, "bad-input", `${field}: ${issue.message}`, allowedOf(issue));
}

function allowedOf(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "invalid_value") return `one of ${issue.values.map(String).join(", ")}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  return undefined;
}
