import { describe, expect, it } from "vitest";
import type { MetricRecord } from "../otlp/record.ts";
import { unsentSpend } from "./unsent-spend.ts";

const HOUR = 3_600_000_000_000n;

function point(name: string, value: number | undefined, more: Partial<MetricRecord> = {}): MetricRecord {
  const attributes = new Map<string, string>([
    ["gen_ai.provider.name", "OpenAI"],
    ["gen_ai.response.model", "gpt-4o"],
    ["telltale.outcome", "error"],
  ]);
  const resource = { attributes: new Map([["service.name", "shop"]]) };
  const scope = { name: "", version: "", attributes: new Map() };
  const time = 500_000n * HOUR + 7n;
  return {
    name,
    unit: "",
    type: "sum",
    time,
    attributes,
    resource,
    scope,
    ...(value === undefined ? {} : { value }),
    ...more,
  };
}

function spendOf(...records: MetricRecord[]): ReturnType<typeof unsentSpend> {
  return unsentSpend(records.map((record) => ({ record, project: "p", receivedAt: 500_001n * HOUR })));
}

describe("the spend of calls that were not sent", () => {
  it("has the keys of their spans and the hour of the point", () => {
    const [row] = spendOf(point("telltale.unsent.calls", 3));
    expect(row).toMatchObject({
      project: "p",
      provider: "openai",
      model: "gpt-4o",
      service_name: "shop",
      calls: 3,
      errors: 3,
    });
    expect(row?.hour).toBe(500_000 * 3600);
    const input = new Map([["gen_ai.token.type", "input"]]);
    expect(spendOf(point("telltale.unsent.tokens", 9, { attributes: input }))).toMatchObject([
      { input_tokens: 9, calls: 0 },
    ]);
    expect(spendOf(point("telltale.unsent.cost", 2 ** 52))).toMatchObject([{ cost_nanos: 2n ** 52n }]);
  });

  it("takes nothing from other metrics, other kinds of token and numbers that cannot be counts", () => {
    expect(
      spendOf(
        point("gen_ai.client.token.usage", 3),
        point("telltale.unsent.spans", 3),
        point("telltale.unsent.calls", 3, { type: "gauge" }),
        point("telltale.unsent.calls", undefined),
        point("telltale.unsent.calls", -1),
        point("telltale.unsent.calls", 0.5),
        point("telltale.unsent.cost", 2 ** 60),
        point("telltale.unsent.tokens", 3),
      ),
    ).toEqual([]);
  });
});
