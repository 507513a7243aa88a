import { describe, expect, it } from "vitest";
import { exportCounts, flush, runWith, type SamplingOptions, withSpan } from "../index.ts";
import { type JsonPoint, type JsonSpan, pointsOfJson, spansOfJson } from "../testing/read-json-otlp.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";

const { sink, start: startWith } = useSpanSink({ appName: "tests", protocol: "http/json" });
const start = (sampling: SamplingOptions): void => startWith({ sampling });

function spans(): JsonSpan[] {
  return sink.requests.flatMap(({ body }) => spansOfJson(body));
}

function points(): JsonPoint[] {
  return sink.metrics.flatMap(({ body }) => pointsOfJson(body));
}

function total(metric: string, where: Readonly<Record<string, unknown>> = {}): bigint {
  return points()
    .filter((point) => point.metric === `telltale.unsent.${metric}`)
    .filter(({ attributes }) => Object.entries(where).every(([key, value]) => attributes[key] === value))
    .reduce((sum, { value }) => sum + value, 0n);
}

interface Call {
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly cached: number;
  readonly failed: boolean;
}

/** A program's trace: an agent with so many calls, each inside a span that repeats its usage. */
function trace(calls: readonly Call[], name = "run"): void {
  withSpan(name, { kind: "agent" }, () => {
    for (const { model, input, output, cached, failed } of calls) {
      const usage = { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output };
      withSpan("outer", { attributes: { ...usage, "telltale.span.kind": "llm" } }, () => {
        const attributes = {
          ...usage,
          "telltale.span.kind": "llm",
          "gen_ai.usage.cache_read.input_tokens": cached,
          "gen_ai.provider.name": "openai",
          "gen_ai.response.model": model,
          "gen_ai.response.id": "id",
        };
        withSpan("chat", { attributes }, (span) => {
          if (failed) span.recordError(new Error("bad"));
        });
      });
    }
  });
}

const CALL: Call = { model: "gpt-4o-mini", input: 100, output: 10, cached: 0, failed: false };

function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** Prices of gpt-4o-mini in nano-dollars: input 150, cached 75, output 600. */
function nanosOf({ input, cached, output }: Pick<Call, "input" | "cached" | "output">): bigint {
  return BigInt((input - cached) * 150 + cached * 75 + output * 600);
}

describe("sampling", () => {
  it.each([0.1, 0.5, 0])(
    "at %s leaves totals exact: what is sent and what is told as not sent are everything",
    async (ratio) => {
      start({ ratio, contentRatio: 0.5, keep: { errors: true } });
      const random = seeded(ratio * 100 + 1);
      const expected = { traces: 0, spans: 0, calls: 0, input: 0n, output: 0n, cached: 0n, nanos: 0n };
      for (let index = 0; index < 600; index++) {
        const calls = Array.from({ length: random(4) }, () => {
          const input = 1 + random(5000);
          return { model: "gpt-4o-mini", input, output: random(900), cached: random(input), failed: random(100) === 0 };
        });
        trace(calls);
        expected.traces++;
        expected.spans += 1 + 2 * calls.length;
        for (const call of calls) {
          expected.calls++;
          expected.input += BigInt(call.input);
          expected.output += BigInt(call.output);
          expected.cached += BigInt(call.cached);
          expected.nanos += nanosOf(call);
        }
        if (index % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await flush();
      const sent = spans().filter(({ name }) => name === "chat");
      const told = sent.map(({ attributes }) => ({
        input: numberOf(attributes["gen_ai.usage.input_tokens"]),
        output: numberOf(attributes["gen_ai.usage.output_tokens"]),
        cached: numberOf(attributes["gen_ai.usage.cache_read.input_tokens"]),
      }));
      const sum = (name: "input" | "output" | "cached"): bigint =>
        told.reduce((all, each) => all + BigInt(each[name]), 0n);
      expect(spans().length + Number(total("spans"))).toBe(expected.spans);
      expect(BigInt(sent.length) + total("calls")).toBe(BigInt(expected.calls));
      expect(sum("input") + total("tokens", { "gen_ai.token.type": "input" })).toBe(expected.input);
      expect(sum("output") + total("tokens", { "gen_ai.token.type": "output" })).toBe(expected.output);
      expect(sum("cached") + total("tokens", { "gen_ai.token.type": "cache_read" })).toBe(expected.cached);
      expect(told.reduce((all, call) => all + nanosOf(call), 0n) + total("cost")).toBe(expected.nanos);
      expect(points().every(({ temporality, start: from, time }) => temporality === 1 && from <= time)).toBe(true);
      expect(exportCounts()).toMatchObject({ sent: spans().length, sampledOut: Number(total("spans")), queued: 0 });
      const roots = spans().filter(({ name }) => name === "run").length / expected.traces;
      expect(Math.abs(roots - ratio)).toBeLessThan(0.08);
    },
  );

  it("keeps traces whole, and says with which probability in tracestate and attributes", async () => {
    start({ ratio: 0.25 });
    for (let index = 0; index < 200; index++) trace([CALL, CALL]);
    await flush();
    const byTrace = Map.groupBy(spans(), ({ traceId }) => traceId);
    expect(byTrace.size).toBeGreaterThan(20);
    expect(byTrace.size).toBeLessThan(90);
    for (const each of byTrace.values()) {
      expect(each).toHaveLength(5);
      for (const { traceState, attributes, traceId } of each) {
        expect(traceState).toBe("ot=th:c");
        expect(traceId.slice(-14) >= "c0000000000000").toBe(true);
        expect(attributes).toMatchObject({
          "telltale.sampling.probability": 0.25,
          "telltale.sampling.reason": "ratio",
        });
      }
    }
  });

  it("always keeps what failed, was flagged, guarded, slow or dear, with certainty", async () => {
    start({ ratio: 0, keep: { slowerThanMs: 50, dearerThan: 0.01 } });
    trace([CALL], "ordinary");
    trace([{ ...CALL, failed: true }], "failed");
    trace([{ ...CALL, input: 100_000 }], "dear");
    withSpan("flagged", (span) => span.setAttribute("telltale.sampling.keep", true));
    withSpan("guarded", { attributes: { "telltale.guard.name": "loop" } }, () => {});
    await withSpan("slow", () => new Promise((resolve) => setTimeout(resolve, 60)));
    await flush();
    const roots = spans().filter(({ name }) => !["outer", "chat"].includes(name));
    const reasons = Object.fromEntries(
      roots.map(({ name, attributes }) => [name, attributes["telltale.sampling.reason"]]),
    );
    expect(reasons).toEqual({ failed: "error", dear: "dear", flagged: "flagged", guarded: "guard", slow: "slow" });
    expect(new Set(spans().map(({ traceState }) => traceState))).toEqual(new Set(["ot=th:0"]));
    expect(total("spans")).toBe(3n);
    expect(points()[0]?.attributes).toMatchObject({ "telltale.unsent.reason": "sampling" });
  });

  it("tells a sum again by the same id when nobody answered, so that it is counted once", async () => {
    start({ ratio: 0 });
    const bodies: Buffer[] = [];
    sink.rule = (body) => (bodies.push(body) === 1 ? { status: "drop", take: true } : undefined);
    trace([CALL]);
    await flush();
    sink.rule = undefined;
    expect(bodies.length).toBeGreaterThan(1);
    const ids = bodies.map((body) => pointsOfJson(body).map(({ attributes }) => attributes["telltale.unsent.report"]));
    expect(ids[0]?.[0]).toMatch(/^[0-9a-f]{32}-\d+$/);
    for (const each of ids) expect(each).toEqual(ids[0]);
  });

  it("goes by the first rule that fits: name, kind, model or what the program says", async () => {
    start({
      ratio: 0,
      rules: [
        { name: "health*", ratio: 0 },
        { name: /^check/, ratio: 1 },
        { model: "gpt-4o", ratio: 1 },
        { kind: "retrieval", ratio: 1 },
        { when: () => JSON.parse("broken") as boolean, ratio: 1 },
        { when: ({ spans: count, cost }) => count === 5 && cost !== undefined, ratio: 1 },
      ],
    });
    trace([{ ...CALL, model: "gpt-4o" }], "healthcheck");
    trace([CALL], "check it");
    trace([{ ...CALL, model: "gpt-4o" }], "by model");
    withSpan("by kind", () => withSpan("search", { kind: "retrieval" }, () => {}));
    trace([CALL, CALL], "by function");
    trace([CALL], "by nothing");
    await flush();
    const kept = new Set(
      spans()
        .map(({ name }) => name)
        .filter((name) => name.includes(" ")),
    );
    expect([...kept].sort()).toEqual(["by function", "by kind", "by model", "check it"]);
  });

  it("lets late spans follow the decision, and keeps a trace from where it goes wrong", async () => {
    start({ ratio: 0 });
    let later: (() => void) | undefined;
    const done = withSpan("root", () => {
      const wait = new Promise<void>((resolve) => (later = resolve));
      const child = withSpan("late", async () => {
        await wait;
        withSpan("later", () => {});
      });
      const failing = withSpan("late and bad", async () => {
        await child;
        throw new Error("bad");
      });
      return { failing: failing.catch(() => {}) };
    });
    await flush();
    expect(exportCounts()).toMatchObject({ sampledOut: 1, sent: 0 });
    later?.();
    await done.failing;
    await flush();
    expect(spans().map(({ name }) => name)).toEqual(["late and bad"]);
    expect(exportCounts()).toMatchObject({ sampledOut: 3, sent: 1 });
    expect(total("spans")).toBe(3n);
  });

  it("decides a trace that is too big on what it saw, and holds no more of it", async () => {
    start({ ratio: 1, tracesPerSecond: 1000, maxTraceSpans: 10 });
    withSpan("root", () => {
      for (let index = 0; index < 100; index++) withSpan(`child ${index}`, () => {});
    });
    await flush();
    expect(spans()).toHaveLength(101);
  });

  it("follows the caller where asked to, and hands on what came", async () => {
    start({ ratio: 0, followParent: true });
    const id = "0af7651916cd43dd8448eb211c80319c";
    const tracestate = "ot=th:8;rv:ffffffffffffff,vendor=1";
    runWith({ traceparent: `00-${id}-b7ad6b7169203331-01`, tracestate }, () => withSpan("sampled", () => {}));
    runWith({ traceparent: `00-${id.replace("0a", "0b")}-b7ad6b7169203331-00` }, () =>
      withSpan("not sampled", () => {}),
    );
    withSpan("alone", () => {});
    await flush();
    expect(spans().map(({ name }) => name)).toEqual(["sampled"]);
    expect(spans()[0]).toMatchObject({ traceState: tracestate, attributes: { "telltale.sampling.probability": 0.5 } });
  });

  it("can leave out content alone, by trace, and says so", async () => {
    start({ contentRatio: 0.5 });
    for (let index = 0; index < 200; index++) {
      withSpan("root", { input: "question" }, () => withSpan("tool", { kind: "tool", input: 1 }, () => "answer"));
    }
    await flush();
    expect(spans()).toHaveLength(400);
    const omitted = spans().filter(({ attributes }) => attributes["telltale.content.omitted"] === "sampling");
    expect(omitted.length).toBeGreaterThan(120);
    expect(omitted.length).toBeLessThan(280);
    const traces = new Set(omitted.map(({ traceId }) => traceId));
    for (const { traceId, attributes } of spans()) {
      const hasContent = Object.keys(attributes).some((name) => /input|output|arguments|result|messages/.test(name));
      expect(hasContent).toBe(!traces.has(traceId));
    }
    expect(sink.metrics).toHaveLength(0);
  });

  it("bounds the number of sums, and sums up what has no place of its own", async () => {
    start({ ratio: 0 });
    for (let index = 0; index < 700; index++) trace([{ ...CALL, model: `model ${index}` }]);
    await flush();
    expect(total("calls")).toBe(700n);
    expect(total("calls", { "otel.metric.overflow": true })).toBeGreaterThan(150n);
    expect(new Set(points().map(({ attributes }) => attributes["gen_ai.response.model"])).size).toBeLessThanOrEqual(
      501,
    );
  });

  it("lets a server be that takes no metrics, and counts on", async () => {
    start({ ratio: 0 });
    sink.answers.push({ status: 404 });
    trace([CALL]);
    await flush();
    trace([CALL]);
    await flush();
    expect(sink.attempts).toBe(1);
    expect(exportCounts()).toMatchObject({ sampledOut: 6, queued: 0, droppedRefused: 0 });
  });
});
