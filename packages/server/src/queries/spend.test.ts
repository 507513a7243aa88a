import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Spend } from "../api-types.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { spend } from "./spend.ts";

const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 10, 1);
let test: TestStore;

async function add(columns: { [column: string]: unknown }): Promise<void> {
  await test.insert("spend_hours", { project: "default", calls: 1, ...columns });
}

beforeAll(async () => {
  test = await openTestStore();
  await add({ hour: "2026-11-01 05:00:00", model: "gpt-4o", cost_nanos: "9007199254740993", input_tokens: 10 });
  await add({ hour: "2026-11-01 23:00:00", model: "gpt-4o", cost_nanos: "1", input_tokens: 5 });
  await add({ hour: "2026-11-03 00:00:00", model: "gpt-4o", cost_nanos: "7" });
  await add({ hour: "2026-11-03 01:00:00", model: "unknown", unpriced_calls: 1 });
  // Billed and taken back again: as if it had never been.
  await add({ hour: "2026-11-02 00:00:00", model: "gone", cost_nanos: "5" });
  await add({ hour: "2026-11-02 00:00:00", model: "gone", cost_nanos: "-5", calls: -1 });
  for (let index = 0; index < 5; index++)
    await add({ hour: "2026-11-01 00:00:00", model: `small-${index}`, cost_nanos: String(index + 1), project: "shop" });
});

afterAll(() => test.close());

async function ask(input: { [name: string]: unknown }): Promise<Spend> {
  return spend.output.parse(await spend.run(spend.input.parse(input), test.reader));
}

describe("spend", () => {
  it("sums exactly per bucket, with gaps where nothing was billed", async () => {
    const answer = await ask({ from: FIRST, to: FIRST + 3 * DAY, project: "default" });
    expect(answer.times).toEqual([FIRST, FIRST + DAY, FIRST + 2 * DAY]);
    expect(answer.series.map(({ key }) => key)).toEqual(["gpt-4o", "unknown"]);
    expect(answer.series[0]).toMatchObject({
      costNanos: ["9007199254740994", null, "7"],
      calls: [2, null, 1],
      inputTokens: [15, null, null],
      totalNanos: "9007199254741001",
    });
    expect(answer).toMatchObject({ other: null, seriesTotal: 2 });
  });

  it("says which part of the sums has no spans, for the same range and project", async () => {
    const told = { project: "sampled", type: "sum", unit: "", service_name: "", attributes: {} };
    const metric = (columns: object): Promise<void> => test.insert("metric_rows", { row: 1, ...told, ...columns });
    const hour = "2026-11-01 05:00:00";
    await metric({ hour, time: hour, name: "telltale.unsent.calls", value: 7 });
    await metric({ hour, time: hour, name: "telltale.unsent.cost", value: 4_503_599_627_370_497 });
    await metric({ hour, time: hour, name: "telltale.unsent.spans", value: 100 });
    const attributes = { gen_ai: { token: { type: "input" } } };
    await metric({ hour, time: hour, name: "telltale.unsent.tokens", value: 5, attributes });
    await metric({ hour: "2026-12-01 05:00:00", time: hour, name: "telltale.unsent.calls", value: 1 });
    const range = { from: FIRST, to: FIRST + 3 * DAY };
    expect((await ask({ ...range, project: "sampled" })).unsent).toEqual({ calls: 7, costNanos: "4503599627370497" });
    expect((await ask({ ...range, project: "default" })).unsent).toBeNull();
    // It has no traces: by what traces tell, it is nobody's.
    for (const by of ["user", "session", "tag"]) {
      const { series } = await ask({ ...range, project: "sampled", by });
      expect(series).toMatchObject([
        { key: "", calls: [7, null, null], inputTokens: [5, null, null], totalNanos: "4503599627370497" },
      ]);
    }
  });

  it("does not take an unknown price for nothing", async () => {
    const { series } = await ask({ from: FIRST, to: FIRST + 3 * DAY });
    const unknown = series.find(({ key }) => key === "unknown");
    expect(unknown).toMatchObject({ costNanos: [null, null, null], calls: [null, null, 1], unpricedCalls: 1 });
  });

  it("sums up what is beyond the limit", async () => {
    const answer = await ask({ from: FIRST, to: FIRST + DAY, project: "shop", limit: 2 });
    expect(answer.series.map(({ key, totalNanos }) => [key, totalNanos])).toEqual([
      ["small-4", "5"],
      ["small-3", "4"],
    ]);
    expect(answer.other).toMatchObject({ costNanos: ["6"], calls: [3] });
    expect(answer.seriesTotal).toBe(5);
  });

  it("goes by the hour and by other keys", async () => {
    const answer = await ask({ from: FIRST, to: FIRST + DAY, interval: "hour", by: "provider" });
    expect(answer.times).toHaveLength(24);
    expect(answer.series[0]!.calls.filter((calls) => calls !== null)).toEqual([5, 1, 1]);
  });

  it("shows the last thirty days when nobody says which", async () => {
    expect((await ask({})).times).toHaveLength(30);
    expect((await ask({ interval: "hour" })).times).toHaveLength(168);
  });

  it("refuses ranges that no screen could show", async () => {
    await expect(ask({ from: 0, to: FIRST, interval: "hour" })).rejects.toMatchObject({
      status: 400,
      hint: "ask by day, or for less time",
    });
    await expect(ask({ from: FIRST + DAY, to: FIRST })).rejects.toMatchObject({ status: 400 });
  });
});
