import type { AttributeValue, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const CHAT = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "openai.api.type": "chat_completions" };

function told(attributes: Readonly<Record<string, AttributeValue>>, scope = "@openlit/instrumentation-openai"): Span {
  return translate(spanRecord({ ...CHAT, ...attributes }, { scope }), [], { project: "", receivedAt: 0n });
}

const counts = (input: number, output: number) => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
});

describe("openlit", () => {
  it("marks counts of a stream that may be its own", () => {
    const stream = { "gen_ai.request.is_stream": true };
    expect(told({ ...counts(15, 22), ...stream }).usage[0]?.quality).toBe("estimated");
    expect(told({ ...counts(15, 22), "gen_ai.request.is_stream": false }).usage[0]?.quality).toBe("reported");
    expect(told({ ...counts(31, 23), ...stream, "gen_ai.usage.cache_read.input_tokens": 15 }).usage).toEqual([
      { buckets: { input: 16, cache_read: 15, output: 23 }, quality: "reported" },
    ]);
    expect(told({ ...counts(31, 23), ...stream, "openai.api.type": "responses" }).usage[0]?.quality).toBe("reported");
  });

  it("takes no tokens at all for not counted", () => {
    expect(told({ ...counts(0, 0), "gen_ai.request.is_stream": true }).usage).toEqual([]);
    expect(told({ ...counts(7, 0) }).usage[0]?.buckets).toEqual({ input: 7, output: 0 });
  });

  it("counts Anthropic's cached tokens apart", () => {
    const cached = { ...counts(700, 23), "gen_ai.usage.cache_read.input_tokens": 512 };
    expect(told(cached, "@openlit/instrumentation-anthropic").usage[0]?.buckets).toEqual({
      input: 700,
      cache_read: 512,
      output: 23,
    });
    expect(told(cached).usage[0]?.buckets.input).toBe(188);
  });

  it("keeps its cost only where it has one", () => {
    expect(told({ "gen_ai.usage.cost": 0 }).cost).toBeUndefined();
    expect(told({ "gen_ai.usage.cost": 0.25 }).cost?.reported?.nanos).toBe(250_000_000n);
  });
});
