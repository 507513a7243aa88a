<<<<<<< HEAD
/* The door for programs that take secrets out of texts and need nothing else of this package. */
export { type RedactedText, redactText } from "./redact-text.ts";
export type { Redactor, SecretRange } from "./redactor.ts";
=======
export type { CustomRule } from "./redact/custom-rule.ts";
export { type KeyedMarks, type RedactionMode } from "./redact/marks.ts";
export { createRedaction, type RedactedText, type Redaction, type RedactionOptions, UNREADABLE_MARK } from "./redact/redaction.ts";
export { redactText } from "./redact-text.ts";
export type { Anchor, Redactor, SecretRange } from "./redactor.ts";
>>>>>>> 40cb17f (Redactors look only where one pass found an anchor; kinds, modes and rules of one's own)
export { redactors } from "./redactors/index.ts";
