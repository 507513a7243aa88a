import type { AttributeValue, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";
import { price } from "./price.ts";

function priced(attributes: Readonly<Record<string, AttributeValue>>): Span {
  return price.create()(translate(spanRecord(attributes), [], { project: "", receivedAt: 0n }));
}

const CALL = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.response.model": "gpt-4o-mini",
};

describe("price", () => {
  it("works out the cost of a call", () => {
    const span = priced({
      ...CALL,
      "gen_ai.usage.input_tokens": 31,
      "gen_ai.usage.cache_read.input_tokens": 15,
      "gen_ai.usage.output_tokens": 23,
    });
    expect(span.cost?.nanos).toBe(16n * 150n + 15n * 75n + 23n * 600n);
  });

  it("keeps what the sender reported beside it", () => {
    const span = priced({ ...CALL, "gen_ai.usage.input_tokens": 31, "gen_ai.usage.cost": 0.5 });
    expect(span.cost).toMatchObject({ nanos: 4650n, reported: { nanos: 500_000_000n, source: "gen_ai.usage.cost" } });
  });

  it("says why a call has no cost, and leaves alone what nobody bills", () => {
    expect(priced(CALL).cost).toEqual({ currency: "USD", lines: [], reason: "no-usage" });
    expect(priced({ ...CALL, "gen_ai.response.model": "mine", "gen_ai.usage.input_tokens": 1 }).cost?.reason).toBe(
      "no-price",
    );
    expect(priced({ "gen_ai.operation.name": "execute_tool" }).cost).toBeUndefined();
  });
});
