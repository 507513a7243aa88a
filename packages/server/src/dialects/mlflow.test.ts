import { expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

it("reads an agent, its tool and its calls out of JSON in JSON", () => {
  const spans = readRecording("mlflow/tools").spans.map((span) => translate(span, [], { project: "", receivedAt: 0n }));
  expect(spans.map(({ kind }) => kind)).toEqual(["llm", "tool", "llm", "agent"]);
  expect(spans[1]).toMatchObject({ toolName: "get_weather", output: { type: "text", text: "partly cloudy" } });
  expect(spans[3]?.input).toEqual({ type: "json", value: { question: "Weather in Paris?" } });
});

it.each([
  ["openai", { input: 600, cache_read: 400, output: 100 }],
  ["anthropic", { input: 1000, cache_read: 400, output: 100 }],
])("takes cached tokens of %s as that provider counts them", (provider, buckets) => {
  const usage = { input_tokens: 1000, output_tokens: 100, total_tokens: 1100, cache_read_input_tokens: 400 };
  const record = spanRecord({
    "mlflow.spanType": '"CHAT_MODEL"',
    "mlflow.llm.provider": JSON.stringify(provider),
    "mlflow.chat.tokenUsage": JSON.stringify(usage),
  });
  expect(translate(record, [], { project: "", receivedAt: 0n }).usage[0]?.buckets).toEqual(buckets);
});
