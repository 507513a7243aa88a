import { expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const context = { project: "", receivedAt: 0n };

it.each(["pydantic-ai", "pydantic-ai-v2"])("reads what a run of %s was asked and answered", (sdk) => {
  const spans = readRecording(`${sdk}/tools`).spans.map((span) => translate(span, [], context));
  const agent = spans.find(({ kind }) => kind === "agent");
  expect(agent).toMatchObject({ agentName: "guide", usage: [], output: { type: "text" } });
  expect(agent?.input).toMatchObject({ type: "messages" });
  expect(spans.find(({ kind }) => kind === "tool")).toMatchObject({
    input: { type: "json", value: { city: "Paris" } },
    output: { type: "text", text: "partly cloudy" },
  });
});

it("reads the first version, whose messages are events in one attribute", () => {
  const events = [
    { "event.name": "gen_ai.user.message", role: "user", content: "hi" },
    { "event.name": "gen_ai.choice", index: 0, message: { role: "assistant", content: "Hello." } },
  ];
  const attributes = { "gen_ai.operation.name": "chat", events: JSON.stringify(events) };
  const span = translate(spanRecord(attributes, { scope: "pydantic-ai" }), [], context);
  expect(span.input).toMatchObject({ messages: [{ role: "user" }] });
  expect(span.output).toMatchObject({ messages: [{ role: "assistant", parts: [{ content: "Hello." }] }] });
});

it("takes an error of Logfire's level for one", () => {
  expect(translate(spanRecord({ "logfire.level_num": 17 }), [], context).status).toBe("error");
  expect(translate(spanRecord({ "logfire.level_num": 9 }), [], context).status).toBe("unset");
});
