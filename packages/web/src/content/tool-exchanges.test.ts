import type { ApiContent } from "@telltale/server/api-types";
import { describe, expect, it } from "vitest";
import { toolExchanges } from "./tool-exchanges.ts";

const input: ApiContent = {
  type: "messages",
  messages: [
    { role: "assistant", parts: [{ type: "tool_call", id: "1", name: "search", arguments: { q: "a" } }] },
    { role: "tool", parts: [{ type: "tool_call_response", id: "1", response: "found" }] },
    { role: "assistant", parts: [{ type: "tool_call", id: "2", name: "search" }] },
  ],
};
const output: ApiContent = {
  type: "messages",
  messages: [{ role: "assistant", parts: [{ type: "tool_call", id: "3", name: "refund", arguments: "{}" }] }],
};

describe("tool calls of a conversation", () => {
  it("stand with their answers, in order, and say which are new", () => {
    expect(
      toolExchanges(input, output).map(({ id, response, isAnswered, isNew }) => [id, response, isAnswered, isNew]),
    ).toEqual([
      ["1", "found", true, false],
      ["2", undefined, false, false],
      ["3", undefined, false, true],
    ]);
  });

  it("are none where there are no messages", () => {
    expect(toolExchanges(null, { type: "text", text: "tool_call" })).toEqual([]);
  });
});
