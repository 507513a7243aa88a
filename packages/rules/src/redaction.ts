/* The door for programs that take secrets out of texts and need nothing else of this package. */
export { type RedactedText, redactText } from "./redact-text.ts";
export type { Redactor, SecretRange } from "./redactor.ts";
export { redactors } from "./redactors/index.ts";
