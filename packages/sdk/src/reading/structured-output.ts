import type { AttributeMap } from "../attribute-value.ts";
import { messageOf } from "../diagnostics.ts";
import { field, textField } from "../json/read-json.ts";
import { schemaProblem } from "../json/schema-problem.ts";

/** What shape the answer was asked to have; `schema` undefined: any JSON. */
export interface AskedFormat {
  readonly schema: unknown;
}

/** The text of a tool call's arguments, and the schema they were promised to fit, if any. */
export interface AskedArguments {
  readonly text: string;
  readonly schema?: unknown;
}

/** The format in `response_format` (chat) or `text.format` (responses); undefined for free text. */
export function askedFormat(format: unknown): AskedFormat | undefined {
  const type = textField(format, "type");
  // Together, llama.cpp and Cohere let a schema stand beside `json_object`.
  if (type === "json_object") return { schema: field(format, "schema") ?? field(format, "json_schema") };
  if (type !== "json_schema") return undefined;
  return { schema: field(field(format, "json_schema"), "schema") ?? field(format, "schema") };
}

/**
 * Whether answers are what was asked for. A 200 OK with broken JSON crashes the next service, not
 * this call, so it is written on this span: `telltale.output.valid` and the first reason.
 */
export function setValidity(
  attributes: AttributeMap,
  asked: AskedFormat | undefined,
  answers: readonly string[],
  toolArguments: readonly (string | AskedArguments)[],
): void {
  let problem: string | undefined;
  if (asked !== undefined) for (const answer of answers) problem ??= problemOf(answer, asked);
  for (const given of toolArguments) problem ??= argumentsProblem(given);
  if (problem !== undefined) {
    attributes.set("telltale.output.valid", false);
    attributes.set("telltale.output.invalid_reason", problem);
  } else if (asked !== undefined && answers.length > 0) {
    attributes.set("telltale.output.valid", true);
  }
}

function problemOf(answer: string, asked: AskedFormat): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(answer);
  } catch (error) {
    return `not JSON: ${messageOf(error)}`;
  }
  return asked.schema === undefined ? undefined : schemaProblem(value, asked.schema);
}

function argumentsProblem(given: string | AskedArguments): string | undefined {
  const { text, schema }: AskedArguments = typeof given === "string" ? { text: given } : given;
  if (text === "") return undefined;
  try {
    const problem = schemaProblem(JSON.parse(text), schema);
    return problem === undefined ? undefined : `tool arguments: ${problem}`;
  } catch (error) {
    return `tool arguments are not JSON: ${messageOf(error)}`;
  }
}
