import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Open, Scope } from "../runtime.ts";
import { newSpanId } from "../span/random-id.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { type ContextStorage, makeContextStorage } from "./context-storage.web.ts";
import { openScope } from "./open-scope.ts";

const open = new Set<Open>();
const names = new Map<string, string>();
let storage: ContextStorage<Scope>;

/** What runs here, as spans are found by the SDK. */
const current = (): string | undefined => names.get(storage.getStore()?.span?.spanId ?? "");

/** Does what `withSpan` does with the storage. */
async function within(name: string, work: () => Promise<unknown>): Promise<void> {
  const span = { spanId: newSpanId(), parentSpanId: storage.getStore()?.span?.spanId } as SpanRecord;
  const scope: Scope = { span, tapped: false };
  const entry: Open = { scope, abandon: () => {} };
  names.set(span.spanId, name);
  open.add(entry);
  try {
    await storage.run(scope, work);
  } finally {
    open.delete(entry);
  }
}

const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

beforeEach(() => {
  open.clear();
  vi.stubGlobal("process", { env: {} });
});
afterEach(() => vi.unstubAllGlobals());

describe("in a page, the context", () => {
  beforeEach(() => {
    vi.stubGlobal("document", {});
    storage = makeContextStorage((but) => openScope(open, but));
  });

  it("follows one span in another through everything that is awaited", async () => {
    const seen: (string | undefined)[] = [];
    await within("outer", async () => {
      await later();
      seen.push(current());
      await within("inner", async () => {
        await Promise.resolve();
        seen.push(current());
        await later();
        seen.push(current());
      });
      seen.push(current());
    });
    expect([...seen, current()]).toEqual(["outer", "inner", "inner", "outer", undefined]);
  });

  it("knows who begins what, also of spans side by side", async () => {
    const parents: (string | undefined)[] = [];
    const side = (name: string): Promise<void> => {
      parents.push(current());
      return within(name, later);
    };
    await within("outer", () => Promise.all([side("first"), side("second")]));
    await Promise.all([side("third"), side("fourth")]);
    expect(parents).toEqual(["outer", "outer", undefined, undefined]);
  });

  it("takes work of spans side by side for that of the span around them, and of none where there is none", async () => {
    const seen: (string | undefined)[] = [];
    const side = (name: string): Promise<void> =>
      within(name, async () => {
        await later();
        seen.push(current());
        await later();
      });
    await within("outer", () => Promise.all([side("first"), side("second")]));
    await Promise.all([side("third"), side("fourth")]);
    expect(seen).toEqual(["outer", "outer", undefined, undefined]);
  });

  it("is what was entered for the page, where nothing is open", async () => {
    storage.enterWith({ span: undefined, tapped: false, userId: "ada" });
    await later();
    expect(storage.getStore()?.userId).toBe("ada");
  });

  it("is right again after an error", async () => {
    expect(() => storage.run({ span: undefined, tapped: true }, () => JSON.parse("{"))).toThrow(SyntaxError);
    await Promise.resolve();
    expect(storage.getStore()).toBeUndefined();
  });
});

it("of an isolate that serves many ends with the turn, so that nobody is taken for another", async () => {
  storage = makeContextStorage((but) => openScope(open, but));
  const seen: (string | undefined)[] = [];
  await within("one's", async () => {
    seen.push(current());
    await later();
    seen.push(current());
  });
  storage.enterWith({ span: undefined, tapped: false, userId: "ada" });
  seen.push(storage.getStore()?.userId);
  await later();
  expect([...seen, storage.getStore()?.userId]).toEqual(["one's", undefined, "ada", undefined]);
});

it("is that of the place, where it has an AsyncLocalStorage, also one that refuses to be entered", async () => {
  const { AsyncLocalStorage } = await import("node:async_hooks");
  class Refusing {
    readonly #own = new AsyncLocalStorage<unknown>();
    getStore = (): unknown => this.#own.getStore();
    run = (store: unknown, work: () => unknown): unknown => this.#own.run(store, work);
    enterWith(): void {
      throw new Error("not here");
    }
  }
  vi.stubGlobal("AsyncLocalStorage", Refusing);
  storage = makeContextStorage((but) => openScope(open, but));
  await within("outer", async () => {
    await later();
    expect(current()).toBe("outer");
  });
  storage.enterWith({ span: undefined, tapped: false });
  expect(storage.getStore()).toBeUndefined();
});
