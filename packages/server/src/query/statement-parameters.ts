import type { Parameter } from "../store.ts";

/** Collects the values of one statement; the SQL text only ever holds their places. */
export class StatementParameters {
  readonly #values: { [name: string]: Parameter } = {};
  #count = 0;

  /** Keeps a value and gives its place in the SQL: `{p3:String}`. */
  bind(type: "String" | "Int64" | "Float64" | "UInt32", value: Parameter): string {
    const name = `p${this.#count++}`;
    this.#values[name] = value;
    return `{${name}:${type}}`;
  }

  /** Values by name, for the reader. */
  get values(): Readonly<Record<string, Parameter>> {
    return this.#values;
  }
}
