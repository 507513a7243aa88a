import { promises } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { exportCounts, flush, initialize, shutdown, Telltale, withSpan } from "./index.ts";
import type { ReadSpan } from "./testing/read-spans.ts";
import { useSpanSink } from "./testing/use-span-sink.ts";

/* Programs without types pass anything: it costs nothing but itself, and nothing is thrown that the program did not throw. */

const { sink, start } = useSpanSink({ appName: "tests" });

const refusing = (): object => {
  const refuse = (): never => {
    throw new Error("looked at");
  };
  return new Proxy({}, { get: refuse, has: refuse, getPrototypeOf: refuse, ownKeys: refuse });
};
const unwritable = {
  toString(): string {
    throw new Error("no text");
  },
};
const ODD: readonly (readonly [string, unknown])[] = [
  ["null", null],
  ["a number", 42],
  ["a bigint", 5n],
  ["a symbol", Symbol("odd")],
  ["an object", {}],
  ["an object without a prototype", Object.create(null)],
  ["what has no text", unwritable],
  ["a list of lists", [[1], [2]]],
  ["a function", () => 1],
  ["half a letter", "\ud800"],
];

/** A function of the SDK as a program without types sees it. */
type Loose = (...values: unknown[]) => unknown;
const RUNNERS = ["withSpan", "withWorkflow", "withTask", "withAgent", "withTool", "withRetrieval"] as const;
const runner = (name: (typeof RUNNERS)[number]): Loose => Telltale[name] as unknown as Loose;

/** Everything that arrives, with a neighbour before and after that must. */
async function arriving(work: () => unknown): Promise<readonly ReadSpan[]> {
  withSpan("before", () => {});
  await work();
  withSpan("after", () => {});
  await flush();
  expect(exportCounts()).toMatchObject({ queued: 0 });
  expect(sink.spans.map(({ name }) => name)).toEqual(expect.arrayContaining(["before", "after"]));
  return sink.spans;
}

describe.each(RUNNERS)("%s takes", (name) => {
  const run = runner(name);

  it.each(ODD)("%s as a name, as its options and as any of them", async (_, odd) => {
    start();
    const spans = await arriving(() => {
      expect(run(odd, () => 7)).toBe(7);
      expect(run("x", typeof odd === "function" ? {} : odd, () => 7)).toBe(7);
      for (const option of ["kind", "sessionId", "userId", "attributes", "captureContent", "input", "query", "topK"])
        expect(run("x", { [option]: odd }, () => 7)).toBe(7);
    });
    expect(spans).toHaveLength(12);
  });

  it("nothing instead of a function, and says what it needs", () => {
    expect(() => run("x", {}, undefined)).toThrow(`${name} needs a function: ${name}(name, fn).`);
  });

  it("results and errors that refuse to be looked at, and hands them on", async () => {
    start();
    const odd = refusing();
    await arriving(async () => {
      expect(
        Object.is(
          run("x", () => odd),
          odd,
        ),
      ).toBe(true);
      const thrown = await Promise.resolve()
        .then(() =>
          run("x", () => {
            throw odd;
          }),
        )
        .catch((error: unknown) => [error]);
      expect(Object.is((thrown as unknown[])[0], odd)).toBe(true);
    });
  });
});

describe("what is told of a span", () => {
  it.each(ODD)("%s costs no other span", async (_, odd) => {
    start();
    const names = ["setUser", "setSession", "setTags", "setMetadata", "recordPrompt", "updateCurrentSpan"] as const;
    const spans = await arriving(() => {
      for (const name of names) withSpan(name, () => (Telltale[name] as unknown as Loose)(odd, odd, odd));
      withSpan("score", () => (Telltale.score as unknown as Loose)("good", odd, odd));
      withSpan("prompt", () => (Telltale.recordPrompt as unknown as Loose)({ name: odd, template: odd }, { odd }, odd));
      withSpan("found", () => (Telltale.recordRetrieval as unknown as Loose)(odd, odd));
    });
    expect(spans.length).toBeGreaterThanOrEqual(11);
  });

  it("takes ids as databases have them", async () => {
    start();
    const spans = await arriving(() => {
      runner("withSpan")("options", { userId: 42, sessionId: 7n }, () => {});
      withSpan("set", () => (Telltale.setUser as unknown as Loose)(9n));
    });
    const ids = ["options", "set"].map((name) => {
      const attributes = spans.find((span) => span.name === name)?.attributes ?? {};
      return [attributes["user.id"], attributes["session.id"]];
    });
    expect(ids).toEqual([
      ["42", "7"],
      ["9", undefined],
    ]);
  });

  it("takes errors whose name, message and class are anything", async () => {
    start();
    const error = Object.assign(new Error("odd"), { name: Symbol("name"), message: { deep: true }, stack: 5 });
    Object.defineProperty(error, "constructor", { value: undefined });
    const spans = await arriving(() => {
      try {
        withSpan("failing", () => {
          throw error;
        });
      } catch (thrown) {
        expect(thrown === error).toBe(true);
      }
    });
    expect(spans.find(({ name }) => name === "failing")).toMatchObject({ statusCode: 2 });
  });
});

describe("initialize", () => {
  it.each([
    ["a header with a line's end", { headers: { authorization: "Bearer key\n" } }, "Bearer key"],
    ["a header that HTTP does not allow", { headers: { "bad name": "x", authorization: "a\u0000b" } }, undefined],
    ["attributes that are none", { resourceAttributes: { odd: {}, list: [[1]] } }, undefined],
    ["a spool that is no directory", { spool: join(import.meta.filename, "below") }, undefined],
    [
      "bounds that are no numbers",
      { sampling: { tracesPerSecond: "x", budget: { bytesPerMinute: Number.NaN } } },
      undefined,
    ],
    ["rules that are none", { sampling: { rules: 5, maxTraceMs: "soon" } }, undefined],
    ["null for what it has not", { spool: null, headers: null, redact: null, sampling: null, logTo: null }, undefined],
  ])("with %s sends all the same", async (_, options, key) => {
    start(options as never);
    await arriving(() => {});
    expect(sink.requests[0]?.headers["authorization"]).toBe(key);
  });

  it("with a spool that is no directory says so, and does not try it again and again", async () => {
    const spool = join(import.meta.filename, "nothing");
    let asked = 0;
    const { mkdir } = promises;
    vi.spyOn(promises, "mkdir").mockImplementation((...values) => {
      if (values[0] === spool) asked++;
      return Reflect.apply(mkdir, promises, values) as Promise<undefined>;
    });
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    start({ spool });
    await arriving(() => {});
    expect(asked).toBeLessThan(10);
    expect(said.mock.calls.flat().join("")).toContain("The spool cannot be used");
    vi.restoreAllMocks();
  });

  it("twice, shutdown twice at once, and everything after it change nothing", async () => {
    start();
    initialize({});
    withSpan("one", () => {});
    await Promise.all([shutdown(), shutdown()]);
    await shutdown();
    await flush();
    withSpan("late", () => {});
    expect(sink.spans.map(({ name }) => name)).toEqual(["one"]);
  });

  it.each([Number.NaN, "soon", 5n, null, -1, {}])("then flush and shutdown take %s for a time", async (time) => {
    start();
    withSpan("one", () => {});
    await (flush as Loose)(time);
    await (shutdown as Loose)(typeof time === "number" ? undefined : time);
    expect(sink.spans.map(({ name }) => name)).toEqual(["one"]);
  });
});

describe("watching what is nothing", () => {
  afterEach(() => shutdown());

  it("answers with it", () => {
    for (const odd of [undefined, null, 5]) expect((Telltale.watchClaudeAgent as unknown as Loose)(odd)).toBe(odd);
  });
});
