import type { Span } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { readRecording } from "../testing/read-recording.ts";
import { spanRecord } from "../testing/span-record.ts";
import { translate } from "../translate.ts";

const CONTEXT = { project: "", receivedAt: 0n };

function told(name: string, attributes: Readonly<Record<string, string | number | boolean>>): Span {
  return translate(spanRecord(attributes, { name, scope: "livekit-agents" }), [], CONTEXT);
}

describe("LiveKit's agents as they are recorded", () => {
  const spans = readRecording("livekit/tools").spans.map((span) => translate(span, [], CONTEXT));
  const named = (name: string): readonly Span[] => spans.filter((span) => span.name === name);

  it("have one call for each request, whatever nodes and attempts are around it", () => {
    const kinds = (name: string): readonly string[] => named(name).map(({ kind }) => kind);
    expect(kinds("llm_request")).toEqual(["llm", "llm"]);
    expect(kinds("llm_request_run")).toEqual(["workflow", "workflow"]);
    expect(kinds("llm_node")).toEqual(["workflow", "workflow"]);
    expect(kinds("function_tool")).toEqual(["tool"]);
    expect(kinds("agent_turn")).toEqual(["agent"]);
    expect(kinds("agent_session")).toEqual(["workflow"]);
    expect(spans.filter(({ kind }) => kind === "llm")).toHaveLength(2);
  });

  it("have a turn with what the user said and heard", () => {
    expect(named("agent_turn")[0]).toMatchObject({
      agentName: "default_agent",
      sessionId: "session-1",
      userId: "user-1",
      input: { type: "text", text: "Weather in Paris?" },
      output: { type: "text", text: "It is partly cloudy in Paris right now." },
    });
  });

  it("have a node with the whole context and the calls that it asks for", () => {
    const [first, second] = named("llm_node");
    expect(first?.output).toEqual({
      type: "messages",
      messages: [
        {
          role: "assistant",
          parts: [{ type: "tool_call", id: "call_1", name: "get_weather", arguments: { city: "Paris" } }],
        },
      ],
    });
    const asked = second?.input?.type === "messages" ? second.input.messages : [];
    expect(asked.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(asked[0]?.parts).toEqual([{ type: "text", content: "You are a terse assistant." }]);
    expect(second?.attributes.has("lk.pii.response.text")).toBe(false);
  });

  it("have a tool with its id, arguments and result", () => {
    expect(named("function_tool")[0]).toMatchObject({
      toolName: "get_weather",
      toolCallId: "call_1",
      input: { type: "json", value: { city: "Paris" } },
      output: { type: "text", text: "{'city': 'Paris', 'sky': 'partly cloudy'}" },
    });
  });
});

describe("LiveKit's agents", () => {
  it("tell a tool under names of their own where the conventions' are missing", () => {
    const attributes = { "lk.function_tool.name": "look_up", "lk.function_tool.id": "call_9" };
    const content = { "lk.function_tool.arguments": '{"id":7}', "lk.function_tool.output": "not found" };
    expect(told("function_tool", { ...attributes, ...content, "lk.function_tool.is_error": true })).toMatchObject({
      kind: "tool",
      status: "error",
      toolName: "look_up",
      toolCallId: "call_9",
      input: { type: "json", value: { id: 7 } },
      output: { type: "text", text: "not found" },
    });
  });

  it("let the conventions' names speak for a tool", () => {
    const standard = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": '{"id":1}' };
    const own = { "lk.pii.function_tool.arguments": '{"id":2}' };
    expect(told("function_tool", { ...standard, ...own }).input).toEqual({ type: "json", value: { id: 1 } });
  });

  it("tell what was heard and what is to be spoken", () => {
    expect(told("user_turn", { "lk.user_transcript": "Hello?" }).output).toEqual({ type: "text", text: "Hello?" });
    const spoken = told("tts_request", { "lk.pii.input_text": "Hi.", "gen_ai.request.model": "tts-1" });
    expect(spoken).toMatchObject({ kind: "llm", requestModel: "tts-1", input: { type: "text", text: "Hi." } });
    expect(spoken.attributes.has("lk.pii.input_text")).toBe(false);
    expect(told("tts_request_run", { "gen_ai.request.model": "tts-1" }).kind).toBe("workflow");
  });

  it("believe a node that made its call itself", () => {
    expect(told("llm_node", { "gen_ai.operation.name": "chat" }).kind).toBe("llm");
  });

  it("tell a judgement by its name", () => {
    expect(told("judge_evaluation", { "gen_ai.evaluation.name": "relevant" }).kind).toBe("evaluation");
  });
});
