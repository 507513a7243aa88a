import type { AttributeValue, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const O = "langfuse.observation.";

function told(attributes: Readonly<Record<string, AttributeValue>>, name = "step"): Span {
  return translate(spanRecord(attributes, { scope: "langfuse-sdk", name }), [], { project: "", receivedAt: 0n });
}

describe("langfuse", () => {
  it("reads a generation", () => {
    const span = told(
      {
        [`${O}type`]: "generation",
        [`${O}input`]: '{"messages":[{"role":"user","content":"hi"}]}',
        [`${O}output`]: '{"role":"assistant","content":"hello"}',
        [`${O}model.name`]: "gpt-4o-mini",
        [`${O}usage_details`]: '{"input":16,"output":23,"total":54,"input_cached_tokens":15,"mine":7}',
        [`${O}completion_start_time`]: '"2026-11-24T00:04:08.065Z"',
        [`${O}metadata.k`]: "v",
        "user.id": "u",
      },
      "OpenAI.chat",
    );
    expect(span).toMatchObject({
      kind: "llm",
      provider: "openai",
      requestModel: "gpt-4o-mini",
      input: { messages: [{ role: "user", parts: [{ type: "text", content: "hi" }] }] },
      output: { messages: [{ role: "assistant", parts: [{ type: "text", content: "hello" }] }] },
      usage: [{ buckets: { input: 16, output: 23, cache_read: 15 }, quality: "reported" }],
      timeToFirstToken: 65_000_000n,
      userId: "u",
    });
    expect(span.attributes.get(`${O}metadata.k`)).toBe("v");
  });

  it("knows an error by its level, whatever the status says", () => {
    const span = told({ [`${O}type`]: "generation", [`${O}level`]: "ERROR", [`${O}status_message`]: "no" });
    expect(span).toMatchObject({ status: "error", errorMessage: "no" });
    expect(told({ [`${O}type`]: "tool", [`${O}level`]: "WARNING", [`${O}status_message`]: "hm" }).status).toBe("unset");
  });

  it("takes OpenAI's own usage too", () => {
    const details = { prompt_tokens: 31, completion_tokens: 23, prompt_tokens_details: { cached_tokens: 15 } };
    const span = told({ [`${O}type`]: "generation", [`${O}usage_details`]: JSON.stringify(details) });
    expect(span.usage[0]?.buckets).toEqual({ input: 16, cache_read: 15, output: 23 });
  });

  it.each([
    [
      "OpenAI's responses",
      { input_tokens: 31, output_tokens: 23, input_tokens_details: { cached_tokens: 15 } },
      { input: 16, cache_read: 15, output: 23 },
    ],
    [
      "Anthropic's names of the parts",
      { input: 16, output: 23, cache_read_input_tokens: 15, cache_creation_input_tokens: 4 },
      { input: 16, cache_read: 15, cache_write: 4, output: 23 },
    ],
    ["the older LangChain", { promptTokens: 31, completionTokens: 23, totalTokens: 54 }, { input: 31, output: 23 }],
    ["digits in text", { input: "31", output: "23", input_cached_tokens: "many" }, { input: 31, output: 23 }],
    ["characters, which are no tokens", { input: 31, output: 23, unit: "CHARACTERS" }, undefined],
  ])("takes usage as %s", (_, details, buckets) => {
    const span = told({ [`${O}type`]: "generation", [`${O}usage_details`]: JSON.stringify(details) });
    expect(span.usage[0]?.buckets).toEqual(buckets);
  });

  it("does not take its default type for a kind", () => {
    expect(told({ [`${O}type`]: "span" }).kind).toBe("span");
    expect(told({ [`${O}type`]: "span", "gen_ai.operation.name": "invoke_agent" }).kind).toBe("agent");
  });
});
