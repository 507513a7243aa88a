import { beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { claudeAgentScript } from "./servers/claude-agent.ts";
import { observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

const CALL = "    chat claude-sonnet-5";
const STRUCTURED = "    execute_tool StructuredOutput";
const TURN = "  invoke_agent claude";

describe("a program with the Claude Agent SDK and its own CLI", () => {
  let seen: Observation;

  beforeAll(async () => {
    seen = await observe({ file: "claude-agent.ts", server: () => startScriptedServer(claudeAgentScript) });
  }, 300_000);

  const spansOf = (scenario: string, name: string): readonly ReadSpan[] =>
    seen.scenario(scenario).spans.filter((span) => span.name === name);
  const sum = (scenario: string, name: string): number =>
    seen.scenario(scenario).spans.reduce((all, { attributes }) => all + Number(attributes[name] ?? 0), 0);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(seen.watched.stdout).toBe(seen.without.stdout);
    expect(seen.watched.stderr).toBe(seen.without.stderr);
    expect(seen.watched.code).toBe(0);
  });

  it.each([
    ["chat", [TURN, CALL]],
    ["tools", [TURN, CALL, "    execute_tool Bash", CALL, "    model usage"]],
    [
      "parallel-tools",
      [TURN, CALL, "    execute_tool Bash", "    execute_tool Bash ! tool_error", CALL, "    model usage"],
    ],
    ["stream", [TURN, CALL, "    execute_tool Bash", CALL]],
    ["structured", [TURN, CALL, STRUCTURED, "    model usage"]],
    ["badjson", [TURN, CALL, `${STRUCTURED} ! tool_error`, CALL, CALL, "    model usage"]],
    ["badschema", [TURN, CALL, `${STRUCTURED} ! tool_error`, CALL, CALL, "    model usage"]],
    [
      "badschema-always ! Error",
      [
        `${TURN} ! error_max_structured_output_retries`,
        ...[1, 2].flatMap(() => [CALL, `${STRUCTURED} ! tool_error`]),
        "    model usage",
      ],
    ],
    ["rag", [TURN, CALL, "    execute_tool mcp__library__search", "    retrieval docs", CALL, "    model usage"]],
    [
      "multi-agent",
      [
        TURN,
        CALL,
        "    execute_tool Agent",
        "      invoke_agent general-purpose",
        "        chat claude-sonnet-5",
        "        execute_tool Bash",
        CALL,
        "    model usage",
      ],
    ],
    ["mcp", [TURN, CALL, "    execute_tool mcp__house__ask", "    look up", CALL, "    model usage"]],
    ["refused ! Error", [`${TURN} ! api_error`, `${CALL} ! unknown`]],
    ["err429 ! Error", [`${TURN} ! api_error`, `${CALL} ! rate_limit`, `${CALL} ! rate_limit`]],
    ["err500 ! Error", [`${TURN} ! api_error`, `${CALL} ! server_error`, `${CALL} ! server_error`]],
    ["timeout ! Error", [`${TURN} ! api_error`, `${CALL} ! unknown`, `${CALL} ! server_error`]],
    // Of the second stream that is cut no message comes: the CLI asks for the answer in one piece.
    ["cut", [TURN, `${CALL} ! unknown`, CALL, "    model usage"]],
    ["cut-partial", [TURN, `${CALL} ! stream_cut`, `${CALL} ! stream_cut`, CALL, "    model usage"]],
    ["abort", [`${TURN} ! AbortError`]],
    ["abandoned", [TURN, CALL, "    execute_tool Bash"]],
    ["closed", [TURN]],
    ["turns", [TURN, CALL, TURN, CALL]],
    ["missing ! ReferenceError", [`${TURN} ! ReferenceError`]],
    ["shutdown", [TURN]],
    ["unicode", [TURN, CALL]],
    ["big", [TURN, CALL]],
    ["interrupt", [`${TURN} ! error_during_execution`, TURN, CALL]],
    ["stream-input", [TURN, CALL]],
    ["concurrent", ["Ada", "Bob"].flatMap((user) => [`  ${user}`, `  ${TURN}`, `  ${CALL}`])],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual([root, ...below]);
  });

  it("tells a turn that ran out of turns, and one that the program aborted", () => {
    expect(seen.scenario("maxturns").tree[1]).toBe(`${TURN} ! error_max_turns`);
    const outcomes = ["abort", "abandoned", "closed"].map((scenario) =>
      spansOf(scenario, "invoke_agent claude").map(({ attributes }) => attributes["telltale.outcome"]),
    );
    expect(outcomes).toEqual([["aborted"], ["abandoned"], ["abandoned"]]);
    for (const { attributes } of spansOf("abandoned", "execute_tool Bash"))
      expect(attributes["telltale.outcome"]).toBe("abandoned");
  });

  it("tells who stopped a turn: the program by interrupt, or the SDK at its shutdown", () => {
    const [stopped] = spansOf("interrupt", "invoke_agent claude");
    expect(stopped?.attributes["telltale.outcome"]).toBe("aborted");
    const open = seen.scenario("shutdown").spans.map(({ name, attributes }) => [name, attributes["telltale.outcome"]]);
    expect(open).toEqual([["invoke_agent claude", "abandoned"]]);
  });

  it("tells an agent in the background below the tool that began it, whole", () => {
    const tree = seen.scenario("background").tree;
    expect(tree).toContain("    execute_tool Agent");
    expect(tree).toContain("      invoke_agent general-purpose");
    expect(tree.filter((line) => line.startsWith("?") || line.includes("!"))).toEqual([]);
    for (const { name, attributes } of seen.scenario("background").spans)
      expect([name, attributes["telltale.outcome"]]).not.toEqual([name, "abandoned"]);
  });

  it("tells every token once, of whichever call it is known to be", () => {
    // Each answer of the server: 18 fresh, 512 read, 100 written, 25 out.
    for (const [scenario, calls] of [
      ["chat", 1],
      ["tools", 2],
      ["parallel-tools", 2],
      ["stream", 2],
      ["structured", 1],
      ["badjson", 3],
      ["rag", 2],
      ["multi-agent", 4],
      ["maxturns", 1],
      ["turns", 2],
    ] as const) {
      const told = ["input_tokens", "cache_read.input_tokens", "cache_write.input_tokens", "output_tokens"].map(
        (name) => sum(scenario, `gen_ai.usage.${name}`),
      );
      expect([scenario, ...told]).toEqual([scenario, 630 * calls, 512 * calls, 100 * calls, 25 * calls]);
    }
    for (const scenario of ["chat", "stream", "turns"])
      for (const { attributes } of spansOf(scenario, "chat claude-sonnet-5"))
        expect(attributes).toMatchObject({ "gen_ai.usage.output_tokens": 25, "telltale.hook": "claude-agent" });
  });

  it("has the cost of each turn as the SDK says it", () => {
    const costs = spansOf("turns", "invoke_agent claude").map(({ attributes }) => attributes["gen_ai.usage.cost"]);
    expect(costs).toEqual([{ double: 0.0006384 }, { double: 0.0006384 }]);
  });

  it("says what went in and what came out", () => {
    const [turn] = spansOf("chat", "invoke_agent claude");
    expect(turn?.attributes).toMatchObject({
      "telltale.span.kind": "agent",
      "gen_ai.agent.name": "claude",
      "gen_ai.provider.name": "anthropic",
      "session.id": expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello 東京"}]}]',
      "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello 東京"}]}]',
    });
    const [call] = spansOf("chat", "chat claude-sonnet-5");
    expect(call?.attributes).toMatchObject({
      "gen_ai.response.id": expect.stringMatching(/^msg_/) as unknown,
      "gen_ai.response.finish_reasons": ["end_turn"],
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Hello 東京"}]}]',
      "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"You said: Hello 東京"}]}]',
    });
    const tools = spansOf("parallel-tools", "execute_tool Bash");
    expect(tools.map(({ attributes }) => attributes["gen_ai.tool.call.result"])).toEqual(["one", "Exit code 3"]);
    expect(tools[0]?.attributes["gen_ai.tool.call.arguments"]).toContain('"command":"echo one"');
    const [agent] = spansOf("multi-agent", "invoke_agent general-purpose");
    expect(agent?.attributes["gen_ai.input.messages"]).toContain("echo two");
    expect(agent?.attributes["gen_ai.output.messages"]).toContain("1 results");
  });

  it("tells whether a structured answer came, and why it did not", () => {
    const told = ["structured", "badjson", "badschema", "badschema-always"].map((scenario) => {
      const [turn] = spansOf(scenario, "invoke_agent claude");
      const { "telltale.output.valid": valid, "telltale.output.invalid_reason": reason = "" } = turn?.attributes ?? {};
      return [turn?.attributes["gen_ai.output.type"], valid, String(reason).split(" after ")[0]];
    });
    expect(told).toEqual([
      ["json", true, ""],
      ["json", false, "no structured output was given"],
      ["json", false, "no structured output was given"],
      ["json", false, "Failed to provide valid structured output"],
    ]);
    const [given] = spansOf("badjson", STRUCTURED.trim());
    expect(given?.attributes["gen_ai.tool.call.result"]).toContain("could not be parsed as JSON");
  });

  it("tells a stream that was cut as such, and what was asked in it again", () => {
    const calls = spansOf("cut-partial", CALL.trim()).map(({ attributes }) => [
      attributes["telltale.outcome"],
      attributes["gen_ai.input.messages"],
    ]);
    const asked = '[{"role":"user","parts":[{"type":"text","content":"CUT"}]}]';
    expect(calls).toEqual([
      ["cut", asked],
      ["cut", asked],
      [undefined, asked],
    ]);
    // Both streams that were cut told what went in, and the CLI bills it.
    for (const scenario of ["cut", "cut-partial"]) expect(sum(scenario, "gen_ai.usage.input_tokens")).toBe(3 * 630);
  });

  it("has the documents of a search that a tool makes", () => {
    const [search] = spansOf("rag", "retrieval docs");
    expect(search?.attributes).toMatchObject({ "telltale.span.kind": "retrieval" });
    expect(search?.attributes["gen_ai.retrieval.documents"]).toContain("Grüße aus 東京");
  });

  it("carries any text", () => {
    const [call] = spansOf("unicode", "chat claude-sonnet-5");
    expect(call?.attributes["gen_ai.output.messages"]).toContain("You said: Grüße 🗼");
    const [turn] = spansOf("big", "invoke_agent claude");
    expect(turn?.attributes["gen_ai.input.messages"]).toContain("Lorem ipsum — dolor. ".repeat(2500));
  });

  it("does not mix users that are served at once", () => {
    for (const user of ["Ada", "Bob"]) {
      const mine = seen.scenario("concurrent").spans.filter(({ attributes }) => attributes["user.id"] === user);
      const calls = mine.filter(({ name }) => name === "chat claude-sonnet-5");
      expect(calls.map(({ attributes }) => String(attributes["gen_ai.input.messages"]).includes(user))).toEqual([true]);
    }
  });
});
