import { describe, expect, it } from "vitest";
import { commandList, commandNamed } from "./command-list.ts";
import { keyCaps, matchKeys, pressName } from "./key-match.ts";

describe("the commands", () => {
  it("have names and ranks of their own, as their files are called", () => {
    const files = Object.keys(import.meta.glob("../commands/*.ts")).map((path) => path.slice(12, -3));
    expect(commandList.map(({ name }) => name).sort()).toEqual(files.sort());
    expect(new Set(commandList.map(({ rank }) => rank)).size).toBe(commandList.length);
  });

  it("never share a key where both could be meant", () => {
    const taken = new Map<string, string>();
    for (const { name, scope, keys } of commandList)
      for (const key of keys)
        for (const place of scope === "everywhere" ? ["traces", "trace", "query"] : [scope]) {
          expect(taken.get(`${place} ${key}`), `${name} and its key ${key}`).toBeUndefined();
          taken.set(`${place} ${key}`, name);
        }
  });

  it("say so when one is asked for that does not exist", () => {
    expect(() => commandNamed("nothing")).toThrow("src/commands/nothing.ts");
  });
});

describe("a key press", () => {
  const press = { key: "k", ctrlKey: false, metaKey: false, altKey: false };

  it("is named as commands write it", () => {
    expect(pressName(press)).toBe("k");
    expect(pressName({ ...press, ctrlKey: true })).toBe("mod+k");
    expect(pressName({ ...press, metaKey: true })).toBe("mod+k");
    expect(pressName({ ...press, key: "ArrowDown" })).toBe("ArrowDown");
    expect(pressName({ ...press, altKey: true })).toBeUndefined();
  });

  it("can be one of two", () => {
    const keys = ["g t", "j", "t"];
    expect(matchKeys(keys, undefined, "g")).toEqual({ type: "wait" });
    expect(matchKeys(keys, "g", "t")).toEqual({ type: "hit", key: "g t" });
    expect(matchKeys(keys, undefined, "t")).toEqual({ type: "hit", key: "t" });
    expect(matchKeys(keys, "g", "j")).toEqual({ type: "hit", key: "j" });
    expect(matchKeys(keys, undefined, "x")).toEqual({ type: "miss" });
  });

  it("is shown as it is printed", () => {
    expect([keyCaps("mod+k"), keyCaps("mod+k", true), keyCaps("g t"), keyCaps("ArrowDown")]).toEqual([
      ["Ctrl", "K"],
      ["⌘", "K"],
      ["G", "T"],
      ["↓"],
    ]);
  });
});
