import type { AttributeValue, Span } from "@telltale/model";
import { beforeAll, describe, expect, it } from "vitest";
import { loadTokenizers } from "../estimate/count-tokens.ts";
import { useTokenizers } from "../estimate/current-tokenizers.ts";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";
import { estimate } from "./estimate.ts";
import { price } from "./price.ts";

/** The tokenizer is an optional dependency: without it, text is counted by bytes. */
const hasTokenizer = (await loadTokenizers()).size > 0;

beforeAll(async () => useTokenizers(await loadTokenizers()));

function estimated(attributes: Readonly<Record<string, AttributeValue>>): Span {
  const span = translate(spanRecord({ ...CALL, ...attributes }), [], { project: "", receivedAt: 0n });
  return estimate.create()(price.create()(span));
}

const CALL = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.response.model": "gpt-4o-mini",
};
const said = (role: string, content: string): string => JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
const ASKED = { "gen_ai.input.messages": said("user", "hello world") };
const ANSWERED = { "gen_ai.output.messages": said("assistant", "hello world") };
const told = ({ attributes }: Span): object =>
  Object.fromEntries([...attributes].filter(([key]) => key.startsWith("telltale.estimated.")));

describe("estimate", () => {
  it("counts a call that told no tokens, and leaves its usage and cost unknown", () => {
    const span = estimated({ ...ASKED, ...ANSWERED });
    const [input, output] = hasTokenizer ? [9, 2] : [3, 3];
    expect(told(span)).toEqual({
      "telltale.estimated.counting": hasTokenizer ? "o200k_base" : "bytes",
      "telltale.estimated.input_tokens": input,
      "telltale.estimated.output_tokens": output,
      "telltale.estimated.input_cost_nanos": input * 150,
      "telltale.estimated.output_cost_nanos": output * 600,
    });
    expect(span.usage).toEqual([]);
    expect(span.cost).toEqual({ currency: "USD", lines: [], reason: "no-usage" });
  });

  it("says of one side only what that side told, and no cost without a price", () => {
    expect(Object.keys(told(estimated(ASKED)))).toEqual([
      "telltale.estimated.counting",
      "telltale.estimated.input_tokens",
      "telltale.estimated.input_cost_nanos",
    ]);
    const house = told(estimated({ ...ASKED, ...ANSWERED, "gen_ai.response.model": "house-1" }));
    expect(Object.keys(house)).toEqual([
      "telltale.estimated.counting",
      "telltale.estimated.input_tokens",
      "telltale.estimated.output_tokens",
    ]);
  });

  it("leaves alone what somebody told, what nobody bills, and what is not to be seen", () => {
    expect(told(estimated({ ...ASKED, "gen_ai.usage.input_tokens": 0 }))).toEqual({});
    expect(told(estimated({ ...ASKED, "gen_ai.operation.name": "execute_tool" }))).toEqual({});
    expect(told(estimated({}))).toEqual({});
  });

  it("counts the beginning of a long text, and the rest in proportion", () => {
    const long = told(estimated({ "gen_ai.output.messages": said("assistant", "one two ".repeat(100_000)) }));
    const tokens = Number(Object.entries(long).find(([key]) => key.endsWith("output_tokens"))?.[1]);
    expect(tokens).toBeGreaterThan(190_000);
    expect(tokens).toBeLessThan(210_000);
  });
});
