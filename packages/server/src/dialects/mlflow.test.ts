import { expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { translate } from "../translate.ts";

it("reads an agent, its tool and its calls out of JSON in JSON", () => {
  const spans = readRecording("mlflow/tools").spans.map((span) => translate(span, [], { project: "", receivedAt: 0n }));
  expect(spans.map(({ kind }) => kind)).toEqual(["llm", "tool", "llm", "agent"]);
  expect(spans[1]).toMatchObject({ toolName: "get_weather", output: { type: "text", text: "partly cloudy" } });
  expect(spans[3]?.input).toEqual({ type: "json", value: { question: "Weather in Paris?" } });
});
