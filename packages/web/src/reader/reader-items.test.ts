import { describe, expect, it } from "vitest";
import { said } from "../fixture/span-fixture.ts";
import { supportRun } from "../fixture/support-run.ts";
import { findRepeatGroups } from "../trace/repeat-groups.ts";
import { spanFacts } from "../trace/span-facts.ts";
import { buildTraceIndex } from "../trace/trace-index.ts";
import { initialOpenState, setAllOpen } from "../trace/visible-rows.ts";
import { readerItems } from "./reader-items.ts";
import { splitTurn } from "./turn.ts";

const { skeleton } = supportRun({ seed: 4, startTime: 0, searches: 5 });
const index = buildTraceIndex(skeleton);
const groups = findRepeatGroups(index);

describe("the items of the reader", () => {
  it("are agents, model calls and tools, a run of repeats as one", () => {
    const items = readerItems({ index, groups, skeleton, open: initialOpenState(index, groups) });
    expect(items.map((item) => `${item.level} ${item.type} ${spanFacts(skeleton, item.span).name}`)).toEqual([
      "0 agent support_request",
      "1 agent invoke_agent triage",
      "2 llm chat gpt-4o",
      "2 tool handoff search",
      "1 agent invoke_agent search",
      "2 repeat chat gpt-4o-mini",
      "2 llm chat gpt-4o-mini",
      "1 agent invoke_agent refund",
      "2 llm chat gpt-4o",
      "2 tool execute_tool issue_refund",
      "2 llm chat gpt-4o",
      "2 tool execute_tool issue_refund",
      "2 llm chat gpt-4o",
      "1 llm classify_case",
    ]);
  });

  it("are all there when the run is open", () => {
    const items = readerItems({ index, groups, skeleton, open: setAllOpen(index, groups, true) });
    expect(items.filter(({ type }) => type === "llm")).toHaveLength(11);
    expect(items.filter(({ type }) => type === "tool")).toHaveLength(13);
  });

  it("leave out calls that are told twice", () => {
    const shadow = skeleton.strings.length;
    const strings = [...skeleton.strings, "shadow"];
    const twice = { ...skeleton, strings, billing: skeleton.billing.map(() => shadow) };
    const items = readerItems({ index, groups, skeleton: twice, open: initialOpenState(index, groups) });
    expect(items.some(({ type }) => type === "llm")).toBe(false);
  });
});

describe("a turn", () => {
  it("is what comes after the last answer; results of tools have rows of their own", () => {
    const conversation = said(["system", "s"], ["user", "u1"], ["assistant", "a1"], ["user", "u2"]);
    if (conversation.type !== "messages") throw new Error("messages expected");
    const result = { role: "tool", parts: [{ type: "tool_call_response" as const, id: "1", response: 1 }] };
    const turn = splitTurn({ type: "messages", messages: [...conversation.messages, result] });
    expect(turn.earlier.map(({ role }) => role)).toEqual(["system", "user", "assistant"]);
    expect(turn.added.map(({ role }) => role)).toEqual(["user"]);
    expect(turn.toolResults).toBe(1);
  });

  it("is everything in a first call", () => {
    expect(splitTurn(said(["system", "s"], ["user", "u"]))).toMatchObject({ earlier: [], toolResults: 0 });
    expect(splitTurn({ type: "text", text: "x" })).toEqual({ earlier: [], added: [], toolResults: 0 });
  });
});
