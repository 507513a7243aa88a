import type { HookSpan } from "../hook/hook-span.ts";
import { listOf, numberOf, property, textOf } from "../hook/read-object.ts";

/** What the result of a turn says of the turn; `isStructured`: the program asked for an answer that follows a schema. */
export function describeResult(span: HookSpan, result: unknown, isStructured: boolean): void {
  const subtype = textOf(result, "subtype") ?? "";
  const structured = property(result, "structured_output");
  const text = textOf(result, "result");
  if (structured !== undefined) {
    span.set("gen_ai.output.type", "json");
    span.set("telltale.output.valid", true);
  }
  span.setOutput(structured === undefined ? text : JSON.stringify(structured));
  span.set("telltale.agent.turns", numberOf(result, "num_turns"));
  const ending = textOf(result, "terminal_reason") ?? "";
  if (ending.startsWith("aborted")) span.set("telltale.outcome", "aborted");
  if (subtype === "success" && property(result, "is_error") !== true) {
    // The CLI hands on only what follows the schema, and ends well without it, too.
    if (isStructured && structured === undefined) tellInvalid(span, "no structured output was given");
    return;
  }
  const errors = listOf(result, "errors").filter((error) => typeof error === "string");
  span.failWith(subtype === "success" ? "api_error" : subtype, errors.join("\n") || (text ?? ""));
  if (subtype === "error_max_structured_output_retries") tellInvalid(span, errors[0]);
}

function tellInvalid(span: HookSpan, reason: unknown): void {
  span.set("gen_ai.output.type", "json");
  span.set("telltale.output.valid", false);
  span.set("telltale.output.invalid_reason", reason);
}
