import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluators } from "./index.ts";

describe.each(evaluators.map((evaluator) => [evaluator.name, evaluator] as const))("%s", (name, evaluator) => {
  test("says what it is", () => {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(evaluator.summary).not.toMatch(/\.$/);
  });

  test("gives from 0 to 1, or null with a reason, for anything, and the same each time", async () => {
    const anything = fc.oneof(fc.string(), fc.json(), fc.jsonValue(), fc.constant(undefined));
    await fc.assert(
      fc.asyncProperty(anything, anything, async (output, expected) => {
        const example = Object.freeze({ output, expected });
        const judgement = await evaluator.judge(example);
        if (judgement.value === null) expect(judgement.explanation).toBeTruthy();
        else expect(judgement.value >= 0 && judgement.value <= 1).toBe(true);
        expect(await evaluator.judge(example)).toEqual(judgement);
      }),
    );
  });
});
