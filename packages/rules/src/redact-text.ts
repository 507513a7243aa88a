import { createRedaction, type RedactedText, type Redaction } from "./redact/redaction.ts";
import type { Redactor } from "./redactor.ts";

const known = new WeakMap<readonly Redactor[], Redaction>();

/** Replaces each secret that these redactors find by `[name-of-the-redactor]`, whatever they are by default. */
export function redactText(text: string, redactors: readonly Redactor[]): RedactedText {
  let redaction = known.get(redactors);
  if (redaction === undefined) {
    const kinds = Object.fromEntries(redactors.map(({ name }) => [name, true]));
    known.set(redactors, (redaction = createRedaction({ redactors, kinds })));
  }
  return redaction.redact(text);
}
