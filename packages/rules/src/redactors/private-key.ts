import type { Redactor, SecretRange } from "../redactor.ts";

/** The shortest keys, of 32 bytes, have 64 characters; between the lines of an example stands a word. */
const SHORTEST = 24;
const LONGEST_HEAD = 80;
const HEAD = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----/y;
/** Lines of base64 and headers, with line ends as such or escaped at any depth. */
const BODY = /(?:[A-Za-z0-9+/=:,.()\s]|-(?!----)|\\+[nrt]|\\+u000[aAdD])*/y;
const TAIL = /-----END [A-Z0-9 ]{1,64}-----/y;
/** What a key that was cut is made of: lines of base64, which no prose is. */
const CUT =
  /(?:\s|\\+[nrt]|\\+u000[aAdD]|[A-Za-z0-9+/]{24,}={0,2}|[A-Za-z0-9+/]{1,23}={0,2}(?=["'\\`<]|$)|(?:Proc-Type|DEK-Info|Version|Comment): ?[\w,. -]{0,80})*/y;

/** Keys in PEM, whole or cut, in text and in JSON. */
export const privateKey: Redactor = {
  name: "private-key",
  summary: "private keys in PEM (RSA, EC, DSA, OpenSSH, PGP, encrypted), with real or escaped line ends, whole or cut",
  source: "RFC 7468, RFC 4880 (armor), OpenSSH PROTOCOL.key",
  standard: true,
  anchors: [{ literal: "PRIVATE KEY" }],
  at(text, index): SecretRange | undefined {
    const before = text.slice(Math.max(0, index - LONGEST_HEAD), index).lastIndexOf("-----BEGIN");
    if (before < 0) return undefined;
    const start = Math.max(0, index - LONGEST_HEAD) + before;
    HEAD.lastIndex = start;
    if (!HEAD.test(text)) return undefined;
    const body = HEAD.lastIndex;
    BODY.lastIndex = body;
    BODY.test(text);
    TAIL.lastIndex = BODY.lastIndex;
    if (TAIL.test(text)) return BODY.lastIndex - body < SHORTEST ? undefined : { start, end: TAIL.lastIndex };
    CUT.lastIndex = body;
    CUT.test(text);
    const end = CUT.lastIndex;
    return /[A-Za-z0-9+/]{24}/.test(text.slice(body, Math.min(end, body + 512))) ? { start, end } : undefined;
  },
};
