import { entropyOf } from "../redact/checksum.ts";
import { isWordBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

/** How far behind the id of a key its secret stands: in a table, a profile, an answer. */
const NEAR = 160;
const ID = /A(?:KIA|SIA)[A-Z2-7]{16}/y;
const SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/;
const LENGTH = 40;
/** Random base64 of 40 characters has 4.5 and more, a hash in hexadecimal under 4. */
const LEAST_ENTROPY = 4.2;

/** Secrets of AWS: forty characters that say nothing by themselves. */
export const awsSecretKey: Redactor = {
  name: "aws-secret-key",
  summary: "AWS secret access keys: 40 random characters near an access key id or behind words such as aws and secret",
  source: "AWS documentation: managing access keys for IAM users",
  standard: true,
  anchors: [
    { literal: "AKIA" },
    { literal: "ASIA" },
    { literal: "aws", ignoreCase: true },
    { literal: "secretaccesskey", ignoreCase: true },
  ],
  at(text, index): SecretRange | undefined {
    ID.lastIndex = index;
    const after = text.slice(index, index + NEAR);
    if (
      (isWordBefore(text, index) || !ID.test(text)) &&
      !/^[\w .-]{0,24}(?:secret|sk\b|access)[\w .-]{0,24}["'`\\]{0,4}\s{0,3}(?:=>|:=|[:=]|is|>)/i.test(after)
    )
      return undefined;
    if (!mayHoldSecret(text, index + 3, Math.min(text.length, index + NEAR + LENGTH))) return undefined;
    const match = SECRET.exec(text.slice(index + 3, index + NEAR + 40));
    if (match === null || entropyOf(match[0]) < LEAST_ENTROPY) return undefined;
    const start = index + 3 + match.index;
    return { start, end: start + match[0].length };
  },
};

/** Whether forty such characters stand in a row: looked for backwards from every fortieth, as most texts have none. */
function mayHoldSecret(text: string, from: number, to: number): boolean {
  let probe = from + LENGTH - 1;
  while (probe < to) {
    let start = probe;
    while (start > probe - LENGTH && isOfSecret(text.charCodeAt(start))) start--;
    if (start === probe - LENGTH) return true;
    probe = start + LENGTH;
  }
  return false;
}

function isOfSecret(code: number): boolean {
  return (code > 46 && code < 58) || (code > 64 && code < 91) || (code > 96 && code < 123) || code === 43;
}
