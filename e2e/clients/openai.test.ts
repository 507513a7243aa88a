import { beforeAll, describe, expect, it } from "vitest";
import { openaiScript } from "./servers/openai.ts";
import { behaviour, observe, type Observation } from "./testing/observe.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

describe.each(["openai", "openai-4"])("a program with %s", (client) => {
  let seen: Observation;

  beforeAll(async () => {
    const server = () => startScriptedServer(openaiScript);
    seen = await observe({ file: "openai.ts", server, environment: { CLIENT: client } });
  }, 120_000);

  it("behaves with the SDK as it does without", () => {
    expect(seen.without.code).toBe(0);
    expect(behaviour(seen.watched)).toEqual(behaviour(seen.without));
  });

  it.each([
    ["chat", ["  chat gpt"]],
    ["stream", ["  chat gpt"]],
    ["tools", ["  chat tools", "  execute_tool weather", "  chat tools"]],
    ["parallel-tools", ["  chat tools-2", "  execute_tool weather", "  execute_tool weather", "  chat tools-2"]],
    ["structured", ["  chat json"]],
    ["badjson ! SyntaxError", ["  chat bad-json"]],
  ])("%s is one tree", (root, below) => {
    expect(seen.scenario(root.split(" ")[0] ?? "").tree).toEqual([root, ...below]);
  });
});
