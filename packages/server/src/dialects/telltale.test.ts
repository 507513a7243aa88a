import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const context = { project: "", receivedAt: 0n };

describe("telltale", () => {
  it("reads what the SDK has no name for in the conventions", () => {
    const record = spanRecord({
      "telltale.span.kind": "guardrail",
      "telltale.input": '{"text":"hi"}',
      "telltale.output": "allowed",
    });
    const span = translate(record, [], context);
    expect(span).toMatchObject({
      dialect: "telltale/1",
      kind: "guardrail",
      input: { type: "json", value: { text: "hi" } },
      output: { type: "text", text: "allowed" },
    });
    expect([...span.attributes.keys()]).toEqual(["telltale.span.kind"]);
  });

  it("leaves model calls to the conventions", () => {
    const messages = [{ role: "user", parts: [{ type: "text", content: "hi" }] }];
    const record = spanRecord({
      "telltale.span.kind": "llm",
      "gen_ai.operation.name": "chat",
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.input.messages": JSON.stringify(messages),
    });
    const span = translate(record, [], context);
    expect(span).toMatchObject({ kind: "llm", requestModel: "gpt-4o", input: { type: "messages", messages } });
    expect(span.attributes.has("gen_ai.input.messages")).toBe(false);
  });

  it("takes a step without a meaning of its own for a span", () => {
    expect(translate(spanRecord({ "telltale.span.kind": "span" }), [], context).kind).toBe("span");
  });
});
