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

  it("knows tasks, tags, prompts and scores, and keeps metadata to filter by", () => {
    const record = spanRecord({
      "telltale.span.kind": "task",
      "telltale.tags": ["beta", "eu, west"],
      "telltale.metadata.tenant": "acme",
      "telltale.score.helpful": 0.5,
      "telltale.prompt.template": "Answer {question}",
      "gen_ai.prompt.name": "answer",
      "gen_ai.prompt.version": "3",
      "gen_ai.prompt.variable.question": "Why?",
      "session.id": "s",
      "user.id": "u",
    });
    const span = translate(record, [], context);
    expect(span).toMatchObject({
      kind: "workflow",
      tags: ["beta", "eu, west"],
      promptName: "answer",
      promptVersion: "3",
      sessionId: "s",
      userId: "u",
    });
    expect(Object.fromEntries(span.attributes)).toMatchObject({
      "telltale.metadata.tenant": "acme",
      "telltale.score.helpful": 0.5,
      "gen_ai.prompt.variable.question": "Why?",
      "telltale.prompt.template": "Answer {question}",
    });
  });

  it("knows a workflow by the conventions and by our own word", () => {
    const told = { "telltale.span.kind": "workflow", "gen_ai.workflow.name": "refund" };
    const conventional = { ...told, "gen_ai.operation.name": "invoke_workflow" };
    for (const attributes of [told, conventional]) {
      expect(translate(spanRecord(attributes), [], context).kind).toBe("workflow");
    }
  });

  it("takes a step without a meaning of its own for a span", () => {
    expect(translate(spanRecord({ "telltale.span.kind": "span" }), [], context).kind).toBe("span");
  });
});
