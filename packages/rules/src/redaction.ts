/* The door for programs that take secrets out of texts and need nothing else of this package. */
export type { CustomRule } from "./redact/custom-rule.ts";
export type { KeyedMarks, RedactionMode } from "./redact/marks.ts";
export {
  createRedaction,
  type RedactedText,
  type Redaction,
  type RedactionOptions,
  UNREADABLE_MARK,
} from "./redact/redaction.ts";
export { isSecretName } from "./redact/secret-name.ts";
export { redactText } from "./redact-text.ts";
export type { Anchor, Redactor, SecretRange } from "./redactor.ts";
export { redactors } from "./redactors/index.ts";
