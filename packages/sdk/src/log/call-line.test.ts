import { beforeAll, expect, it } from "vitest";
import type { AttributeValue } from "../attribute-value.ts";
import { loadPrices } from "../cost/cost-of-span.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { spanRecord } from "../testing/span-record.ts";
import { callLine } from "./call-line.ts";

beforeAll(loadPrices);

function span(attributes: Record<string, AttributeValue>): SpanRecord {
  const call = {
    "telltale.span.kind": "llm",
    "gen_ai.provider.name": "openai",
    "gen_ai.response.model": "gpt-4o-mini",
    "gen_ai.usage.output_tokens": 10,
  };
  return spanRecord({ ...call, ...attributes }, { name: "chat gpt-4o-mini", kind: 3 });
}

it("says of a cost whether it is a lower bound", () => {
  expect(callLine(span({}), undefined)).toMatchObject({ cost_usd: 0.000006, cost_is_lower_bound: true });
  const whole = callLine(span({ "gen_ai.usage.input_tokens": 0 }), undefined);
  expect(whole?.cost_usd).toBe(0.000006);
  expect(whole).not.toHaveProperty("cost_is_lower_bound");
  const unknown = callLine(span({ "gen_ai.response.model": "nobody-knows" }), undefined);
  expect(unknown).not.toHaveProperty("cost_usd");
  expect(unknown).not.toHaveProperty("cost_is_lower_bound");
});
