import { runtime } from "../runtime.ts";
import { associate } from "./associate.ts";
import { describeValue } from "./describe-value.ts";
import { toldName } from "./told-name.ts";

/** A prompt that a program keeps by name. */
export interface RecordedPrompt {
  readonly name?: string;
  /** The text with its gaps, as the program keeps it. */
  readonly template?: string;
}

/** More variables are data, not a prompt's gaps. */
const MOST_VARIABLES = 64;

/**
 * Says which prompt the active span works with, what filled its gaps and in which version it is.
 * Name and version go on the spans begun below it too, so that calls can be compared by them.
 */
export function recordPrompt(
  prompt: string | RecordedPrompt,
  variables: Readonly<Record<string, unknown>> = {},
  version?: string | number,
): void {
  const { name, template } = typeof prompt === "string" ? { name: undefined, template: prompt } : (prompt ?? {});
  const reference = {
    name: typeof name === "string" ? name : undefined,
    version: version === undefined ? undefined : toldName(version),
  };
  const span = associate((association) => {
    association.prompt = reference;
  });
  if (span === undefined || runtime.pipeline?.captureContent !== true) return;
  if (typeof template === "string") span.attributes.set("telltale.prompt.template", template);
  for (const [key, value] of Object.entries(variables ?? {}).slice(0, MOST_VARIABLES)) {
    const text = describeValue(value);
    if (text !== undefined) span.attributes.set(`gen_ai.prompt.variable.${key}`, text);
  }
}
