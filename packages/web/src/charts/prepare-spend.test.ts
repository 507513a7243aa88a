import type { Spend, SpendSeries as ApiSeries } from "@telltale/server/api-types";
import { describe, expect, it } from "vitest";
import { bucketLabel, prepareSpend, stackSeries, sumSpend } from "./prepare-spend.ts";

const DAY = 86_400_000;

function series(key: string, nanos: (string | null)[]): ApiSeries {
  return {
    key,
    costNanos: nanos,
    calls: nanos.map((one) => (one === null ? null : 2)),
    inputTokens: nanos.map((one) => (one === null ? null : 10)),
    outputTokens: nanos.map((one) => (one === null ? null : 1)),
    unpricedCalls: 0,
    totalNanos: String(nanos.reduce((sum, one) => sum + BigInt(one ?? "0"), 0n)),
  };
}

function spend(list: ApiSeries[], times: number[], other: ApiSeries | null = null): Spend {
  return {
    by: "model",
    interval: "day",
    times,
    series: list,
    other,
    seriesTotal: list.length + (other ? 3 : 0),
    unsent: null,
    estimated: null,
  };
}

describe("spend over time", () => {
  it("keeps a bucket without calls as a gap", () => {
    const chart = prepareSpend(spend([series("a", ["1000000000", "2000000000"])], [0, 3 * DAY]), "cost");
    expect(chart.times.slice(-4)).toEqual([0, DAY, 2 * DAY, 3 * DAY]);
    expect(chart.series[0]?.values.slice(-4)).toEqual([1, null, null, 2]);
  });

  it("shows the whole range, or what there is since the first call, and never too few bars", () => {
    const answer = spend([series("a", [null, "5", "6"])], [0, 10 * DAY, 20 * DAY]);
    expect(prepareSpend(answer, "calls").times).toHaveLength(11);
    expect(prepareSpend(answer, "calls", DAY + 5).times[0]).toBe(DAY);
    expect(prepareSpend(spend([series("a", ["5"])], [20 * DAY]), "calls").times).toHaveLength(8);
    expect(prepareSpend(spend([series("a", ["5"])], [2000 * DAY]), "calls", 0).times).toHaveLength(400);
  });

  it("names days by UTC, as they are summed", () => {
    const chart = prepareSpend(spend([series("a", ["5"])], [20 * DAY]), "calls");
    expect(bucketLabel(chart, 7)).toBe("1970-01-21");
  });

  it("draws the dearest, and the rest as one, and says how many there are", () => {
    const many = Array.from({ length: 9 }, (_, place) => series(`m${place}`, [String(place + 1)]));
    const chart = prepareSpend(spend(many, [0]), "cost");
    expect(chart.series.map(({ key }) => key)).toEqual(["m8", "m7", "m6", "m5", "m4", "4 others"]);
    expect(chart.seriesTotal).toBe(9);
  });

  it("says which part of the totals has no traces", () => {
    const told = { ...spend([series("a", ["3"])], [0]), unsent: { calls: 1, costNanos: "2" } };
    expect(sumSpend(told)).toMatchObject({ nanos: 3n, calls: 2, unsent: { nanos: 2n, calls: 1 } });
    const estimated = { calls: 1, inputTokens: 9, outputTokens: 0, nanos: "5", unpricedCalls: 0 };
    const answer = { ...spend([series("a", ["3"])], [0]), estimated };
    expect(sumSpend(answer)).toMatchObject({ nanos: 3n, calls: 2, estimated: { nanos: 5n, calls: 1 } });
  });

  it("names what nobody told by what was asked", () => {
    const answer = spend([series("", ["3"])], [0]);
    expect(prepareSpend(answer, "cost").series[0]?.key).toBe("unknown model");
    expect(prepareSpend({ ...answer, by: "user" }, "cost").series[0]?.key).toBe("no user");
  });

  it("counts what the server summed up among the others and in the totals", () => {
    const answer = spend([series("a", ["3"])], [0], series("", ["4"]));
    const chart = prepareSpend(answer, "cost");
    expect(chart.series.map(({ key }) => key)).toEqual(["a", "3 others"]);
    expect(sumSpend(answer)).toEqual({
      nanos: 7n,
      calls: 4,
      tokens: 22,
      unpricedCalls: 0,
      unsent: null,
      estimated: null,
    });
  });

  it("gives every name its colour, the same whatever stands beside it", () => {
    const alone = prepareSpend(spend([series("gpt-4o", ["1"])], [0]), "cost").series[0]?.colour;
    const beside = prepareSpend(spend([series("gpt-4o", ["9"]), series("x", ["1"])], [0]), "cost").series[0]?.colour;
    expect(beside).toBe(alone);
    const five = prepareSpend(
      spend(
        [..."abcde"].map((key) => series(key, ["1"])),
        [0],
      ),
      "cost",
    );
    expect(new Set(five.series.map(({ colour }) => colour)).size).toBe(5);
  });

  it("stacks: every top holds what is below it, unknown counts as nothing", () => {
    const stacked = stackSeries([
      { key: "a", colour: 1, values: [1, null, 2] },
      { key: "b", colour: 2, values: [4, null, null] },
    ]);
    expect(stacked).toEqual([
      [5, null, 2],
      [1, null, 2],
    ]);
  });

  it("holds nothing at all", () => {
    expect(prepareSpend(spend([], []), "cost")).toMatchObject({ times: [], series: [] });
  });
});
