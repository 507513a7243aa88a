import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, it } from "vitest";
import { registerHandler } from "./tracing-storage.ts";

const SLOT = Symbol.for("ls:tracing_async_local_storage");
const VARIABLES = Symbol.for("lc:context_variables");
const handler = { name: "telltale" };
const runs: string[] = [];
const runInside = <T>(runId: string, work: () => T): T => {
  runs.push(runId);
  return work();
};

const slot = (): AsyncLocalStorage<unknown> => Reflect.get(globalThis, SLOT) as AsyncLocalStorage<unknown>;

/** As `getContextVariable` of @langchain/core reads it. */
function variable(name: string | symbol): unknown {
  const store = slot().getStore() as Record<symbol, Record<string | symbol, unknown>> | undefined;
  return store?.[VARIABLES]?.[name];
}

/** As `setContextVariable` of @langchain/core writes it. */
function setVariable(name: string | symbol, value: unknown): void {
  const store = slot().getStore() as Record<symbol, object> | undefined;
  slot().enterWith({ [VARIABLES]: { ...store?.[VARIABLES], [name]: value } });
}

afterEach(() => {
  Reflect.deleteProperty(globalThis, SLOT);
  runs.length = 0;
});

describe("the storage of LangChain's context", () => {
  it("has our handler as a configure hook of every copy, in every context", () => {
    registerHandler(handler, runInside);
    for (const copy of [Symbol("lc:configure_hooks"), Symbol("lc:configure_hooks")]) {
      for (const store of [undefined, {}, { [VARIABLES]: { theme: "dark" } }]) {
        slot().run(store, () => {
          expect(variable(copy)).toEqual([{ contextVar: "telltale", inheritable: true }]);
          expect(variable("telltale")).toBe(handler);
        });
      }
    }
  });

  it("keeps what the program sets, and its own configure hooks", () => {
    registerHandler(handler, runInside);
    const hooks = Symbol("lc:configure_hooks");
    slot().run({}, () => {
      setVariable("theme", "dark");
      setVariable(hooks, [...(variable(hooks) as unknown[]).slice(0, 0), { contextVar: "mine" }]);
      expect(variable("theme")).toBe("dark");
      expect(variable(hooks)).toEqual([{ contextVar: "mine" }, { contextVar: "telltale", inheritable: true }]);
      expect(variable("other")).toBeUndefined();
    });
  });

  it("leaves stores the objects they are", () => {
    registerHandler(handler, runInside);
    const tree = { id: "run", extra: {} };
    slot().run(tree, () => expect(slot().getStore()).toBe(tree));
    expect(Object.keys(tree)).toEqual(["id", "extra"]);
    expect(JSON.stringify(tree)).toBe('{"id":"run","extra":{}}');
    for (const odd of [null, 3, "text", Object.freeze({})]) slot().run(odd, () => {});
  });

  it("goes on with contexts that were entered before and are left after it", () => {
    const before = new AsyncLocalStorage<unknown>();
    Reflect.set(globalThis, SLOT, before);
    const tree = { id: "run" };
    before.run(tree, () => {
      const undo = registerHandler(handler, runInside);
      expect(slot().getStore()).toBe(tree);
      const inner = { id: "inner" };
      slot().run(inner, () => {
        undo();
        expect(slot()).toBe(before);
        expect(slot().getStore()).toBe(inner);
      });
    });
  });

  it("tells which run something is about to run in", () => {
    registerHandler(handler, runInside);
    const config = { callbacks: { _parentRunId: "run-1" } };
    slot().run({ extra: { [Symbol.for("lc:child_config")]: config } }, () => {});
    slot().run({ extra: {} }, () => {});
    slot().run({ extra: { [Symbol.for("lc:child_config")]: { callbacks: [] } } }, () => {});
    expect(runs).toEqual(["run-1"]);
  });
});
