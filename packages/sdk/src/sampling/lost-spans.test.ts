import { afterEach, describe, expect, it, vi } from "vitest";
import { exportCounts, flush, withSpan } from "../index.ts";
import { type JsonPoint, pointsOfJson, spansOfJson } from "../testing/read-json-otlp.ts";
import { useSpanSink } from "../testing/use-span-sink.ts";

/* What a full queue does not take and what is given up is counted: with what was sent it is everything. */

const TRACES = 60;
const CALLS = 3;
const INPUT = 100;
/** Of gpt-4o-mini, in nano-dollars: 100 tokens of input at 150. */
const NANOS = 15_000n;

const { sink, start } = useSpanSink({ appName: "tests", protocol: "http/json" });

const ABOUT = {
  "telltale.span.kind": "llm",
  "gen_ai.provider.name": "openai",
  "gen_ai.response.model": "gpt-4o-mini",
  "gen_ai.usage.input_tokens": INPUT,
};

/** An agent whose calls each have a layer around them that repeats their usage, and a plain span between the two. */
function makeTrace(letters: number): void {
  withSpan("run", { kind: "agent" }, () => {
    for (let call = 0; call < CALLS; call++)
      withSpan("layer", { attributes: { ...ABOUT, padding: "x".repeat(letters) } }, () =>
        withSpan("between", () =>
          withSpan("chat", { attributes: { ...ABOUT, padding: "x".repeat(letters) } }, () => {}),
        ),
      );
  });
}

function points(): JsonPoint[] {
  return sink.metrics.flatMap(({ body }) => pointsOfJson(body));
}

function total(metric: string): bigint {
  return points()
    .filter((point) => point.metric === `telltale.unsent.${metric}`)
    .reduce((sum, { value }) => sum + value, 0n);
}

/** Calls that the server bills of what was sent: those without a call below. */
function billedAmongSent(): number {
  const spans = sink.requests.flatMap(({ body }) => spansOfJson(body));
  const isCall = (span: (typeof spans)[number]): boolean => span.attributes["telltale.span.kind"] === "llm";
  const parents = new Map(spans.map((span) => [span.spanId, span.parentSpanId]));
  const above = new Set<string>();
  for (const span of spans.filter(isCall))
    for (let id = span.parentSpanId; id !== undefined && id !== ""; id = parents.get(id)) above.add(id);
  return spans.filter((span) => isCall(span) && !above.has(span.spanId)).length;
}

describe("spans without room", () => {
  // The queue fills up at another place of a trace each time.
  it.each([40_000, 41_000, 43_000, 47_000, 90_000])("are counted, with %i bytes of memory", async (maxQueueBytes) => {
    start({ maxQueueBytes });
    await flush();
    for (let trace = 0; trace < TRACES; trace++) makeTrace(500);
    await flush();
    const { sent = 0, droppedQueueFull = 0 } = exportCounts() ?? {};
    expect(sent).toBeGreaterThan(0);
    expect(droppedQueueFull).toBeGreaterThan(100);
    expect(total("spans")).toBe(BigInt(droppedQueueFull));
    expect(Number(total("calls")) + billedAmongSent()).toBe(TRACES * CALLS);
    expect(total("cost")).toBe(total("calls") * NANOS);
    expect(total("tokens")).toBe(total("calls") * BigInt(INPUT));
    const reasons = new Set(points().map(({ attributes }) => attributes["telltale.unsent.reason"]));
    expect([...reasons]).toEqual(["queue-full"]);
  });

  it("are counted beside what sampling left out", async () => {
    start({ maxQueueBytes: 60_000, sampling: { ratio: 0.5 } });
    await flush();
    for (let trace = 0; trace < TRACES; trace++) makeTrace(500);
    await flush();
    const { droppedQueueFull = 0, sampledOut = 0 } = exportCounts() ?? {};
    expect(sampledOut).toBeGreaterThan(0);
    expect(total("spans")).toBe(BigInt(droppedQueueFull + sampledOut));
    expect(Number(total("calls")) + billedAmongSent()).toBe(TRACES * CALLS);
  });

  it("cost nothing where there is room: what counts them is not even loaded", async () => {
    start({});
    makeTrace(10);
    await flush();
    expect(exportCounts()).toMatchObject({ droppedQueueFull: 0 });
    expect(sink.metrics).toEqual([]);
  });
});

describe("spans that are given up, since the server is away and there is no spool", () => {
  const AWAY = { status: 503, headers: { "retry-after": "0" } };

  /** Six minutes pass at once. */
  function wait(): void {
    const { now } = Date;
    vi.spyOn(Date, "now").mockImplementation(() => now() + 6 * 60_000);
  }

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("are counted, and told once the server is back", async () => {
    sink.rule = () => AWAY;
    start({});
    // One request.
    for (let trace = 0; trace < TRACES / 2; trace++) makeTrace(500);
    await vi.waitUntil(() => sink.attempts > 0, 10_000);
    wait();
    const spans = (TRACES / 2) * (CALLS * 3 + 1);
    await vi.waitUntil(() => exportCounts()?.droppedUnreachable === spans, 10_000);
    expect(sink.metrics).toEqual([]);
    sink.rule = undefined;
    makeTrace(10);
    await flush();
    expect(exportCounts()).toMatchObject({ sent: CALLS * 3 + 1, droppedUnreachable: spans });
    expect(total("spans")).toBe(BigInt(spans));
    expect(total("calls")).toBe(BigInt((TRACES / 2) * CALLS));
    expect(total("cost")).toBe(total("calls") * NANOS);
    const reasons = new Set(points().map(({ attributes }) => attributes["telltale.unsent.reason"]));
    expect([...reasons]).toEqual(["lost"]);
  });

  it("are not counted where the server may have them", async () => {
    sink.rule = () => ({ status: 504, headers: { "retry-after": "0" } });
    start({});
    makeTrace(10);
    await vi.waitUntil(() => sink.attempts > 0, 10_000);
    wait();
    await vi.waitUntil(() => (exportCounts()?.droppedUnreachable ?? 0) > 0, 10_000);
    sink.rule = undefined;
    makeTrace(10);
    await flush();
    expect(points()).toEqual([]);
  });

  it("are counted when they were refused for good", async () => {
    sink.answers.push({ status: 400 });
    start({});
    makeTrace(10);
    await flush();
    expect(exportCounts()).toMatchObject({ sent: 0, droppedRefused: CALLS * 3 + 1 });
    expect(total("calls")).toBe(BigInt(CALLS));
  });
});
