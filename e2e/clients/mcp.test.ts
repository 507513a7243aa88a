import { beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { agentScript } from "./servers/agents.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

/** Each request, seen from both sides. */
const BOTH = (lines: readonly string[]): readonly string[] => lines.flatMap((line) => [`  ${line}`, `    ${line}`]);
const ALL = [
  ...BOTH(["initialize", "tools/list", "tools/call ask"]),
  "      chat gpt-4o",
  ...BOTH([
    "tools/call fail ! tool_error",
    "tools/call nothing ! tool_error",
    "resources/read",
    "resources/read ! -32602",
    "prompts/get greet",
    "ping",
  ]),
];

describe("a program with an MCP client and servers in other processes", () => {
  let seen: Observation;

  beforeAll(async () => {
    seen = await observe({ file: "mcp.ts", server: () => startScriptedServer(agentScript) });
  }, 120_000);

  /** Each client's span and behind it the server's below it: two processes send when they like. */
  const pairOf = (scenario: string, name: string): readonly ReadSpan[] => {
    const spans = seen.scenario(scenario).spans.filter((span) => span.name === name);
    const belowOf = (client: ReadSpan): ReadSpan[] => spans.filter((span) => span.parentSpanId === client.spanId);
    const paired = spans.filter(({ kind }) => kind === 3).flatMap((client) => [client, ...belowOf(client)]);
    return [...new Set([...paired, ...spans])];
  };

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each([
    ["stdio", ALL],
    ["http", ALL],
    ["memory", ALL],
    ["sampling", BOTH(["initialize", "sampling/createMessage"])],
    ["timeout", BOTH(["initialize", "tools/call slow ! timeout"])],
    ["abort", BOTH(["initialize", "tools/call slow ! cancelled"])],
    ["closed", BOTH(["initialize", "tools/call slow ! connection_closed"])],
    ["silent", ["  initialize", "  tools/call meta"]],
    [
      "concurrent",
      [
        ...BOTH(["initialize"]),
        ...["Ann", "Bob", "Cem"].flatMap((name) => [
          `  for ${name}`,
          "    tools/call ask",
          "      tools/call ask",
          "        chat gpt-4o",
        ]),
      ],
    ],
  ])("%s is one tree over both processes", (root, below) => {
    expect(seen.scenario(root).tree).toEqual([root, ...below]);
  });

  it.each([
    ["stdio", "pipe"],
    ["http", "tcp"],
    ["memory", undefined],
  ])("tells a tool call from both sides: %s", (scenario, transport) => {
    const [client, server] = pairOf(scenario, "tools/call ask");
    expect([client?.kind, server?.kind]).toEqual([3, 2]);
    expect(server?.parentSpanId).toBe(client?.spanId);
    for (const span of [client, server]) {
      expect(span?.attributes).toMatchObject({
        "telltale.span.kind": "mcp",
        "mcp.method.name": "tools/call",
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "ask",
        "gen_ai.tool.call.arguments": '{"question":"Where is my parcel?"}',
        "gen_ai.tool.call.result": "You said: Where is my parcel?",
        "mcp.protocol.version": expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as unknown,
      });
      expect(span?.attributes["network.transport"]).toBe(transport);
    }
    expect(typeof client?.attributes["mcp.session.id"]).toBe(scenario === "http" ? "string" : "undefined");
  });

  it("tells what failed, and why", () => {
    for (const span of pairOf("stdio", "tools/call fail")) expect(span.statusMessage).toBe("The drawer is stuck.");
    const [, , client, server] = pairOf("http", "resources/read");
    for (const span of [client, server]) {
      expect(span?.attributes).toMatchObject({ "rpc.response.status_code": "-32602", "mcp.resource.uri": "none://" });
    }
    const outcomes = ["timeout", "abort", "closed"].map((scenario) =>
      pairOf(scenario, "tools/call slow").map(({ attributes }) => attributes["telltale.outcome"]),
    );
    expect(outcomes).toEqual([
      ["timeout", "timeout"],
      ["aborted", "aborted"],
      ["cut", "cut"],
    ]);
  });

  it("hands the user on to the other process", () => {
    const calls = seen.scenario("concurrent").spans.filter(({ name }) => name === "chat gpt-4o");
    const asked = calls.map(({ attributes }) => [
      attributes["user.id"],
      /I am \w+/.exec(String(attributes["gen_ai.input.messages"]))?.[0],
    ]);
    expect(asked.toSorted(([first], [second]) => String(first).localeCompare(String(second)))).toEqual([
      ["Ann", "I am Ann"],
      ["Bob", "I am Bob"],
      ["Cem", "I am Cem"],
    ]);
  });

  it("sends nothing along when it is told not to", () => {
    expect(seen.scenario("silent").printed).toEqual(["[ { text: '', type: 'text' } ]"]);
  });
});
