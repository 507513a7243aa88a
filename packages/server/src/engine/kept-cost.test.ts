import { priceUsage } from "@telltale/rules";
import { expect, it } from "vitest";
import { costFromJson, costJson } from "./cost-json.ts";
import { keptCost, keptCostIn } from "./kept-cost.ts";

const NOVEMBER = BigInt(Date.parse("2026-11-24T12:00:00Z")) * 1_000_000n;

function costOf(input: number, output: number, model = "gpt-4o"): string {
  return costJson(
    priceUsage({ provider: "openai", responseModel: model, usage: [{ buckets: { input, output } }], time: NOVEMBER }),
  );
}

it("remembers of many calls of one price what they share once, and of each its counts", () => {
  const [one, two] = [keptCostIn(costOf(10, 3), ""), keptCostIn(costOf(200_000, 70), "")];
  expect(one.form).toBe(two.form);
  expect(keptCost(costFromJson(costOf(7, 7)), false)).toEqual({ ...one, counts: [7, 7] });
  expect([one.counts, two.counts]).toEqual([
    [10, 3],
    [200_000, 70],
  ]);
  expect(one.form.lines.map(({ bucket }) => bucket)).toEqual(["input", "output"]);
});

it("reads why a cost is unknown, what was claimed, and who counted", () => {
  const unknown = keptCostIn(costOf(1, 1, "nobody-knows"), '[{"quality":"estimated"}]');
  expect(unknown).toMatchObject({ form: { reason: "no-price", lines: [] }, counts: [], isSenderEstimate: true });
  const priced = priceUsage({
    provider: "openai",
    responseModel: "gpt-4o",
    usage: [{ buckets: { input: 5 } }],
    time: NOVEMBER,
  });
  const reported = costJson({ ...priced, reported: { nanos: 77n, source: "somebody" } });
  expect(keptCostIn(reported, "")).toMatchObject({ counts: [5], reported: 77n, isSenderEstimate: false });
  expect(keptCostIn("", "")).toMatchObject({ counts: [], reported: undefined });
});

it("is not led astray by a model whose name looks like a count or a claim", () => {
  const name = 'x","tokens":9,"reported":{"nanos":"5"';
  const line = { model: name, bucket: "input", tokens: 4, nanosPerMillion: 1n, price: "p", source: "s" } as const;
  const kept = keptCostIn(costJson({ nanos: 0n, currency: "USD", lines: [line] }), "");
  expect(kept).toMatchObject({ counts: [4], reported: undefined, form: { lines: [{ model: name }] } });
});
