import { describe, expect, it } from "vitest";
import { UsageLedger } from "./usage-ledger.ts";

/** A result in the shape of the SDK: running totals over the query. */
function result(dollars: number, models: Readonly<Record<string, readonly [input: number, output: number]>>): unknown {
  const modelUsage = Object.fromEntries(
    Object.entries(models).map(([model, [inputTokens, outputTokens]]) => [model, { inputTokens, outputTokens }]),
  );
  return { total_cost_usd: dollars, modelUsage, usage: { input_tokens: 10, output_tokens: 7 } };
}

describe("the ledger of a query", () => {
  it("gives what no call told, by model, and nothing twice", () => {
    const ledger = new UsageLedger(false);
    ledger.tell("claude-a", { input: 10, output: 5 });
    const first = result(0.1, { "claude-a[1m]": [10, 5], "claude-b": [3, 2] });
    expect(ledger.costOf(first)).toBe(0.1);
    expect(ledger.untold(first)).toMatchObject([{ model: "claude-b", counts: { input: 3, output: 2 } }]);
    ledger.tell("claude-a", { input: 20 });
    const second = result(0.3, { "claude-a[1m]": [30, 9], "claude-b": [3, 2] });
    expect(ledger.costOf(second)).toBe(0.2);
    expect(ledger.untold(second)).toEqual([{ model: "claude-a[1m]", counts: { output: 4 }, searches: 0 }]);
  });

  it("begins anew when the totals do", () => {
    const ledger = new UsageLedger(false);
    ledger.untold(result(1, { m: [100, 50] }));
    ledger.costOf(result(1, {}));
    const cleared = result(0.25, { m: [40, 60] });
    expect(ledger.costOf(cleared)).toBe(0.25);
    expect(ledger.untold(cleared)).toMatchObject([{ counts: { input: 40, output: 60 } }]);
  });

  it("does not take the totals of a resumed conversation for new ones", () => {
    const ledger = new UsageLedger(true);
    ledger.tell("m", { input: 10 });
    const first = result(5, { m: [1000, 900] });
    expect(ledger.costOf(first)).toBeUndefined();
    expect(ledger.untold(first)).toMatchObject([{ model: "m", counts: { output: 7 } }]);
    const second = result(5.5, { m: [1010, 907] });
    expect(ledger.costOf(second)).toBe(0.5);
    expect(ledger.untold(second)).toMatchObject([{ counts: { input: 10, output: 7 } }]);
  });
});
