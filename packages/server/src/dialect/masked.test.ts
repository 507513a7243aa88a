import { expect, it } from "vitest";
import { isMaskedText } from "./masked.ts";

it.each(["__REDACTED__", "<REDACTED>", "<redacted>", "[Redacted]", "REDACTED", "[Scrubbed due to 'password']"])(
  "knows %s for hidden content",
  (text) => {
    expect(isMaskedText(text)).toBe(true);
  },
);

it.each(["redacted", "It says [redacted] there", ""])("takes %j as it is", (text) => {
  expect(isMaskedText(text)).toBe(false);
});
