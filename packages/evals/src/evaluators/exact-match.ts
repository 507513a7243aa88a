import type { Evaluator } from "../evaluator.ts";
import { sameJson } from "../json/same-json.ts";

/** Text without blanks around it, and in one Unicode form: é is é however it was typed. */
function tidy(text: string): string {
  return text.normalize("NFC").trim();
}

/** Whether the answer is the expected one: the same text, or the same JSON. */
export const exactMatch: Evaluator = {
  name: "exact-match",
  summary: "the answer is the expected one: as text without blanks around it, else as JSON",
  judge: ({ output, expected }) => {
    if (expected === undefined) return { value: null, explanation: "nobody told what was expected" };
    if (output === undefined) return { value: null, explanation: "there is no answer" };
    const same =
      typeof output === "string" && typeof expected === "string"
        ? tidy(output) === tidy(expected)
        : sameJson(output, expected);
    return same ? { value: 1, label: "same" } : { value: 0, label: "different" };
  },
};
