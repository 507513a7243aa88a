import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countSteps } from "../testing/count-steps.ts";
import { findWith } from "../testing/find-with.ts";
import type { Redactor } from "../redactor.ts";
import { redactors } from "./index.ts";

/** Longer than what any rule looks at around an anchor, so that twice as much text is twice as much work. */
const LENGTH = 16_384;
/** Twice, and what the ends of the text make of it. */
const GROWTH = 2.2;
/** So many units are looked at for each unit of a text: every anchor begins a look around of its own. */
const MOST_STEPS = 400;

const NUMBERS = ["4111 ", "4111-", "1.2.3.4 ", "+1 415 ", "123-45-", "900 70 ", "DE89 3704 ", "00 ", "3782822463"];
const JOINTS = ["", " ", "=", ": ", '": "', "\\", "\\n", "/", "-", ".", "@", "%41", "\n", "{", "[", "é"];
const BODIES = ["", "a", "1", "a1B2c3D4e5F6g7H8", "0123456789abcdef", "x".repeat(20), "your-key", "Bearer "];

/** Pieces of a redactor's own: its anchors, numbers where it looks at digits, and the like of others in between. */
function pieceOf({ anchors }: Redactor): fc.Arbitrary<string> {
  const literals = anchors.map((anchor) => ("literal" in anchor ? anchor.literal : "1".repeat(anchor.digits)));
  const own = fc.constantFrom(...literals, ...(anchors.some((anchor) => "digits" in anchor) ? NUMBERS : []));
  const part = fc.tuple(own, fc.constantFrom(...JOINTS), fc.constantFrom(...BODIES), fc.constantFrom(...JOINTS));
  return fc
    .array(part, { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((one) => one.join("")).join(""))
    .filter((piece) => piece !== "");
}

describe.each(redactors.map((redactor) => [redactor.name, redactor] as const))("%s", (_name, redactor) => {
  const find = findWith(redactor);
  const stepsOf = (piece: string, length: number): number =>
    countSteps(() => find(piece.repeat(Math.ceil(length / piece.length)).slice(0, length)));

  test("looks at twice as much of a text that is twice as long, whatever it is made of, and at no unit too often", () => {
    fc.assert(
      fc.property(pieceOf(redactor), (piece) => {
        const once = stepsOf(piece, LENGTH);
        const twice = stepsOf(piece, LENGTH * 2);
        expect(twice / (once + LENGTH)).toBeLessThan(GROWTH);
        expect(twice / LENGTH / 2).toBeLessThan(MOST_STEPS);
      }),
      { numRuns: 30 },
    );
  });
});

test("a rule that looks through the whole text at each of its anchors is seen", () => {
  const quadratic: Redactor = {
    name: "quadratic",
    summary: "finds nothing, and looks for it everywhere",
    source: "this test",
    standard: true,
    anchors: [{ literal: "@" }],
    at: (text, index) => (text.indexOf("#", index) < 0 ? undefined : { start: index, end: index + 1 }),
  };
  const find = findWith(quadratic);
  const [once = 0, twice = 0] = [LENGTH, LENGTH * 2].map((length) => countSteps(() => find("a@".repeat(length / 2))));
  expect(twice / once).toBeGreaterThan(3);
});
