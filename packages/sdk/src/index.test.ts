import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/* Two files say what programs may import, since nothing is exported unnamed: they say the same, but for what needs Node. */

/** Names by kind, as `{ a, type B, c as d } from` tells them. */
function exportsOf(file: string): { readonly values: readonly string[]; readonly types: readonly string[] } {
  const text = readFileSync(join(import.meta.dirname, file), "utf8");
  const names = Array.from(text.matchAll(/export (type )?\{([^}]*)\}/g), ([, type = "", list = ""]) =>
    list
      .split(",")
      .map((name) => `${type}${name.trim().replace(/^.* as /, "")}`)
      .filter((name) => name.trim() !== type.trim()),
  ).flat();
  const isType = (name: string): boolean => name.startsWith("type ");
  return {
    values: names.filter((name) => !isType(name)).toSorted(),
    types: names.filter(isType).toSorted(),
  };
}

const node = exportsOf("index.ts");
const web = exportsOf("index.web.ts");
const without = (names: readonly string[], others: readonly string[]): readonly string[] =>
  names.filter((name) => !others.includes(name));

describe("what browsers and workers import", () => {
  it("is what programs in Node do", async () => {
    expect(web.values.length).toBeGreaterThan(30);
    expect(without([...web.values, ...web.types], [...node.values, ...node.types])).toEqual([]);
    expect(Object.keys(await import("./index.ts")).toSorted()).toEqual(node.values);
  });

  it("lacks the doors of frameworks, which need Node, and nothing else", () => {
    expect(without(node.values, web.values)).toEqual([
      "mastra",
      "revealRedacted",
      "spanProcessor",
      "tracer",
      "watchClaudeAgent",
      "watchLlamaindex",
      "watchMcp",
    ]);
    expect(without(node.types, web.types)).toEqual(
      [
        "CallLine",
        "JoinedSpanProcessor",
        "LogDestination",
        "LogTarget",
        "MastraBridge",
        "MastraSpanIds",
        "Tracer",
        "TracerSpan",
        "WatchMcpOptions",
      ].map((name) => `type ${name}`),
    );
  });
});
