import type { AttributeValue, Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

function told(attributes: Readonly<Record<string, AttributeValue>>): Span {
  return translate(spanRecord(attributes, { statusCode: 1 }), [], { project: "", receivedAt: 0n });
}

describe("mastra", () => {
  it("reads content under the name of the span's type", () => {
    const step = told({
      "mastra.span.type": "model_step",
      "mastra.model_step.input": '[{"role":"user","content":"hi"}]',
      "mastra.model_step.output": '{"text":"hello","toolCalls":[]}',
    });
    expect(step).toMatchObject({
      kind: "workflow",
      input: { messages: [{ role: "user", parts: [{ type: "text", content: "hi" }] }] },
      output: { messages: [{ role: "assistant", parts: [{ type: "text", content: "hello" }] }] },
    });
    const run = told({ "mastra.span.type": "workflow_run", "mastra.workflow_run.input": '{"q":1}' });
    expect(run).toMatchObject({ kind: "workflow", input: { type: "json", value: { q: 1 } } });
    expect(run.attributes.has("mastra.workflow_run.input")).toBe(false);
  });

  it("counts only the inference as a call, and knows that it failed", () => {
    const call = { "gen_ai.operation.name": "chat", "mastra.span.type": "model_inference" };
    expect(told({ ...call, "gen_ai.response.finish_reasons": '["error"]' })).toMatchObject({
      kind: "llm",
      status: "error",
    });
    expect(told({ ...call, "gen_ai.response.finish_reasons": '["stop"]' })).toMatchObject({
      kind: "llm",
      status: "ok",
    });
    expect(told({ "gen_ai.operation.name": "model_chunk", "mastra.span.type": "model_chunk" }).kind).toBe("span");
  });
});
