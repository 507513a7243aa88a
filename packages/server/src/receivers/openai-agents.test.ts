import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mergeRows } from "../engine/merge-rows.ts";
import { Intake } from "../receive/intake.ts";
import { Metrics } from "../telemetry/metrics.ts";
import { type ServedReceiver, serveReceiver } from "../testing/served-receiver.ts";
import { createOpenaiAgents } from "./openai-agents.ts";

const TRACE = "trace_e49623a297e4403bb0a8b7c642461fd5";
const id = (number: number): string => `span_d26fdc02${String(number).padStart(16, "0")}`;
const trace = { object: "trace", id: TRACE, workflow_name: "Support", group_id: "conv-1", metadata: { user: "u-1" } };

let served: ServedReceiver;

beforeEach(async () => {
  const intake = new Intake({ metrics: new Metrics(), maxBodyBytes: 1_000_000, admits: (key) => key !== "wrong" });
  served = await serveReceiver(createOpenaiAgents(intake));
});

afterEach(() => served.close());

function span(number: number, parent: number | undefined, data: object, error: object | null = null): object {
  return {
    object: "trace.span",
    id: id(number),
    trace_id: TRACE,
    parent_id: parent === undefined ? null : id(parent),
    started_at: `2026-11-24T00:24:49.${300 + number}Z`,
    ended_at: "2026-11-24T00:24:49.374Z",
    span_data: data,
    error,
  };
}

function post(body: unknown, authorization = "Bearer sk-1"): Promise<Response> {
  return fetch(`${served.url}/v1/traces/ingest`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const usage = { input_tokens: 25, output_tokens: 23, cached_input_tokens: 12, cache_write_input_tokens: 0 };

describe("spans", () => {
  it("of every type say what they are", async () => {
    const answer = {
      id: "chatcmpl-1",
      object: "chat.completion",
      model: "gpt-4o-mini-2026-07-18",
      choices: [{ index: 0, message: { role: "assistant", content: "Paris." }, finish_reason: "stop" }],
      usage: { prompt_tokens: 25, completion_tokens: 23, prompt_tokens_details: { cached_tokens: 12 } },
    };
    const generation = { type: "generation", model: "gpt-4o-mini", input: [{ role: "user", content: "Capital?" }] };
    await post({
      data: [
        trace,
        span(1, undefined, { type: "agent", name: "Triage", tools: ["get_weather"] }),
        span(2, 1, { ...generation, output: [answer] }),
        span(3, 1, { type: "function", name: "get_weather", input: '{"city":"Paris"}', output: "18 C" }),
        span(4, 1, { type: "handoff", from_agent: "Triage", to_agent: "Weather" }),
        span(5, 1, { type: "guardrail", name: "no-pii", triggered: true }),
        span(6, 1, { type: "custom", name: "task", data: { sdk_span_type: "task", usage } }),
      ],
    });
    const spans = served.spans();
    const root = spans.at(-1)!;
    expect(spans.map((each) => [each.kind, each.name])).toEqual([
      ["agent", "Triage"],
      ["llm", "generation"],
      ["tool", "get_weather"],
      ["handoff", "handoff to Weather"],
      ["guardrail", "no-pii"],
      ["workflow", "task"],
      ["workflow", "Support"],
    ]);
    expect(root).toMatchObject({ sessionId: "conv-1", startTime: 1795479889301000000n, parentSpanId: undefined });
    expect(spans[0]).toMatchObject({ parentSpanId: root.spanId, agentName: "Triage" });
    expect(spans[1]).toMatchObject({
      requestModel: "gpt-4o-mini",
      responseModel: "gpt-4o-mini-2026-07-18",
      responseId: "chatcmpl-1",
      provider: "openai",
      finishReason: "stop",
      usage: [{ buckets: { input: 13, cache_read: 12, output: 23 } }],
      input: { messages: [{ role: "user", parts: [{ content: "Capital?" }] }] },
      output: { messages: [{ role: "assistant", parts: [{ content: "Paris." }] }] },
    });
    expect(spans[2]).toMatchObject({ toolName: "get_weather", output: { text: "18 C" } });
  });

  it("of the Responses API have the tokens of their turn", async () => {
    const turn = span(1, undefined, { type: "custom", name: "turn", data: { sdk_span_type: "turn", usage } });
    await post({ data: [turn, span(2, 1, { type: "response", response_id: "resp_1" })] });
    expect(served.spans()[1]).toMatchObject({
      kind: "llm",
      responseId: "resp_1",
      usage: [{ buckets: { input: 13, cache_read: 12, output: 23 } }],
    });
  });

  it("that failed say why", async () => {
    const error = { message: "Error in agent run", data: { error: "Error: 500 no" } };
    await post({ data: [span(1, undefined, { type: "agent", name: "A" }, error)] });
    expect(served.spans()[0]).toMatchObject({ status: "error", errorMessage: "Error in agent run: Error: 500 no" });
  });

  it("make the same trace whether it comes before them or after", async () => {
    await post({ data: [trace] });
    await post({ data: [span(1, undefined, { type: "agent", name: "A" })] });
    const [alone, , reached] = served.rows();
    const known = mergeRows(alone!, reached!);
    expect(mergeRows(reached!, alone!)).toEqual({ ...known, hour: reached!.hour });
    expect(known).toMatchObject({ name: "Support", session_id: "conv-1", start_time: 1795479889301000000n });
  });
});

describe("a request", () => {
  it("with something that is no span keeps the others", async () => {
    const answer = await post({ data: [null, 7, {}, trace] });
    expect(await answer.json()).toEqual({ accepted: 1, rejected: 3 });
  });

  it("that is none, or has a key that is not known, is refused as OpenAI does", async () => {
    for (const [body, key, status] of [
      ["{", "Bearer x", 400],
      [{}, "Bearer x", 400],
      [{ data: [trace] }, "Bearer wrong", 401],
    ] as const) {
      const answer = await post(body, key);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({
        error: { message: expect.any(String), type: "invalid_request_error" },
      });
    }
  });
});
