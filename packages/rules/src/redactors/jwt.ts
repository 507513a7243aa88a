import { isWordBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** Headers name an algorithm, a type and at most certificates. */
const LONGEST_HEADER = 4096;
const HEADER = /[A-Za-z0-9_-]{8,4096}/y;
const REST = /[A-Za-z0-9_.-]*/y;

/** Whether a first part says the header of a token: a JSON object with `alg` or `enc` in it. */
function isHeader(part: string): boolean {
  try {
    const text = atob(
      part
        .replaceAll("-", "+")
        .replaceAll("_", "/")
        .slice(0, part.length - (part.length % 4 === 1 ? 1 : 0)),
    );
    return text.startsWith("{") && /"(?:alg|enc|typ)"\s*:/.test(text);
  } catch {
    return false;
  }
}

/** JSON Web Tokens, signed and encrypted; also cut ones. */
export const jwt: Redactor = {
  name: "jwt",
  summary:
    "JSON Web Tokens: a header that decodes to JSON with an algorithm, then what follows it; also without the end",
  source: "RFC 7515 (JWS), RFC 7516 (JWE), RFC 7519",
  standard: true,
  anchors: [{ literal: "eyJ" }, { literal: "ewog" }],
  at(text, index): SecretRange | undefined {
    if (isWordBefore(text, index) || text[index - 1] === "-" || text[index - 1] === ".") return undefined;
    HEADER.lastIndex = index;
    const header = HEADER.exec(text)?.[0] ?? "";
    const dot = index + header.length;
    if (header === "" || header.length >= LONGEST_HEADER || text[dot] !== "." || !isHeader(header)) return undefined;
    REST.lastIndex = dot + 1;
    const rest = (REST.exec(text)?.[0] ?? "").replace(/[.-]+$/, "");
    // A dot ends a sentence too; a payload of two letters is none.
    return rest.length < 8 ? undefined : { start: index, end: dot + 1 + rest.length };
  },
};
