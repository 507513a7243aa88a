import { afterEach, describe, expect, it } from "vitest";
import { runtime } from "../runtime.ts";
import { template } from "./_template.ts";
import { hooks } from "./index.ts";

/** Everything that frameworks find each other by. */
function globals(): ReadonlyMap<string | symbol, unknown> {
  return new Map(
    Reflect.ownKeys(globalThis).map((key) => [key, Reflect.getOwnPropertyDescriptor(globalThis, key)?.value]),
  );
}

describe.each([...hooks, template])("hook $name", (hook) => {
  afterEach(() => runtime.open.clear());

  it("has a name of its own, made of words", () => {
    expect(hook.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(hooks.filter(({ name }) => name === hook.name).length).toBeLessThanOrEqual(1);
  });

  it("installs where its framework is not, and can be undone and installed again", () => {
    const before = [...globals().keys()];
    hook.install()();
    const once = globals();
    hook.install()();
    hook.install()();
    expect([...globals().keys()]).toEqual([...once.keys()]);
    expect(runtime.contexts.size).toBe(0);
    expect([...once.keys()].slice(0, before.length)).toEqual(before);
  });

  it("may be undone twice, and after another was installed", () => {
    const undo = hook.install();
    undo();
    undo();
    const first = hook.install();
    const second = hook.install();
    first();
    second();
    first();
  });

  it("loads no package", async () => {
    const { readFile } = await import("node:fs/promises");
    const text = await readFile(
      new URL(`./${hook === template ? "_template" : hook.name}.ts`, import.meta.url),
      "utf8",
    );
    expect(
      [...text.matchAll(/from "([^"]+)"/g)].map(([, name]) => name).filter((name) => !/^(\.|node:)/.test(name ?? "")),
    ).toEqual([]);
  });
});
