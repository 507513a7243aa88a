import { HEX_DIGITS, isHex, isWordBefore } from "../redact/text-places.ts";
import type { Redactor, SecretRange } from "../redactor.ts";

const PAIRS =
  /[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}(?![0-9A-Za-z_]|[:-][0-9a-fA-F]{2}(?![0-9a-zA-Z]))/y;

/** Hardware addresses of network cards. */
export const macAddress: Redactor = {
  name: "mac-address",
  summary:
    "hardware addresses of six bytes, with colons or hyphens; not all-zero or broadcast, not parts of fingerprints",
  source: "IEEE 802 (EUI-48)",
  standard: true,
  anchors: [
    { literal: ":", next: HEX_DIGITS },
    { literal: "-", next: HEX_DIGITS },
  ],
  at(text, index): SecretRange | undefined {
    // Only at the first of five: two hexadecimal digits before it and a third separator after two more.
    const separator = text.charCodeAt(index);
    if (text.charCodeAt(index + 3) !== separator || !isHex(text, index - 1) || !isHex(text, index - 2))
      return undefined;
    const start = index - 2;
    if (isWordBefore(text, start) || (text.charCodeAt(start - 1) === separator && isHex(text, start - 2)))
      return undefined;
    PAIRS.lastIndex = start;
    if (!PAIRS.test(text)) return undefined;
    const end = start + 17;
    return /^(?:00.){5}00$|^(?:ff.){5}ff$/i.test(text.slice(start, end)) ? undefined : { start, end };
  },
  canonical: (value) => value.toLowerCase().replaceAll("-", ":"),
};
