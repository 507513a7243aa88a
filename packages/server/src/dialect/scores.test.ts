import type { AttributeValue, SpanId } from "@telltale/model";
import { expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { scoresOfSpan } from "./scores.ts";

const CASE = "00f067aa0ba902b7" as SpanId;

function scoresOf(
  kind: string,
  told: AttributeValue,
): readonly (readonly [string, number | null, string | undefined])[] {
  const span = spanRecord({ "braintrust.scores": told }, { parentSpanId: CASE });
  return scoresOfSpan(span, { ...span, kind }, 0n).map(({ score }) => [score.name, score.value, score.spanId]);
}

it("reads the scores that Braintrust's scorers give the case above them", () => {
  expect(scoresOf("evaluation", '{"exact":1,"brevity":0.5}')).toEqual([
    ["exact", 1, CASE],
    ["brevity", 0.5, CASE],
  ]);
});

it("takes scores on any other span for its own", () => {
  expect(scoresOf("llm", '{"exact":0}')).toEqual([["exact", 0, spanRecord({}).spanId]]);
});

it.each([["no JSON"], ["[1]"], ['{"":1}'], ['{"skipped":null}'], ['{"said":"yes"}'], [7]])(
  "takes %s for no score",
  (told) => {
    expect(scoresOf("evaluation", told)).toEqual([]);
  },
);
