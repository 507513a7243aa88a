import { expect, it } from "vitest";
import { logsOf, readRecording } from "../testing/read-recording.ts";
import { logRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";
import { spanOfLog } from "./log-spans.ts";

const context = { project: "", receivedAt: 0n };

it("makes a trace of a prompt of Claude Code that sends log records alone", () => {
  const recording = readRecording("claude-code/logs");
  const spans = recording.spans.map((span) => translate(span, logsOf(recording, span), context));
  const [prompt, ...others] = spans;
  expect(prompt).toMatchObject({ kind: "agent", name: "claude_code.interaction", sessionId: expect.any(String) });
  expect(prompt?.endTime).toBeUndefined();
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  // The answer is a later part of the prompt's own span.
  const answer = others.pop();
  expect(answer).toMatchObject({ spanId: prompt?.spanId, output: { type: "messages" } });
  expect(answer?.endTime).toBeDefined();
  expect(others.map(({ kind, parentSpanId }) => [kind, parentSpanId])).toEqual([
    ["llm", prompt?.spanId],
    ["tool", prompt?.spanId],
    ["llm", prompt?.spanId],
  ]);
  expect(others[0]).toMatchObject({
    usage: [{ buckets: { input: 18, output: 23, cache_read: 512, cache_write: 128 } }],
    cost: { reported: { nanos: 1_032_600n, source: "claude_code.api_request.cost_usd" } },
  });
  expect((others[0]?.endTime ?? 0n) - (others[0]?.startTime ?? 0n)).toBeGreaterThan(0n);
});

it("leaves records that belong to a span, and those of others, to themselves", () => {
  expect(readRecording("claude-code/tools").logs.flatMap((log) => spanOfLog(log) ?? [])).toEqual([]);
  const { traceId: _, ...alone } = logRecord("api_request", null, { "prompt.id": "p", model: "m" });
  expect(spanOfLog(alone)).toBeUndefined();
});

it("says that a call failed, and a fast one's tier", () => {
  const { traceId: _, ...alone } = logRecord("api_error", null, {
    "event.name": "api_error",
    "prompt.id": "p",
    "event.sequence": 4,
    model: "claude-opus-4-6",
    error: "overloaded",
    status_code: 529,
    duration_ms: 20,
    speed: "fast",
  });
  const span = spanOfLog({ ...alone, scope: { ...alone.scope, name: "com.anthropic.claude_code.events" } });
  expect(span && translate(span, [], context)).toMatchObject({
    kind: "llm",
    status: "error",
    errorType: "529",
    errorMessage: "overloaded",
    serviceTier: "fast",
  });
});
