import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProgram } from "../testing/run-program.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

const CALLS = 40_000;
/** More than the queue may hold is growth; what the engine itself takes over time stays far below. */
const GROWTH_MB = 6;

let sink: SpanSink;

beforeAll(async () => {
  sink = await startSpanSink();
});
afterAll(() => sink.stop());

interface Told {
  readonly used: readonly { readonly mb: number; readonly rss: number }[];
  readonly counts: Readonly<Record<string, number>>;
}

async function run(more: Record<string, string>): Promise<Told> {
  const file = join(import.meta.dirname, "..", "testing", "programs", "many-calls.mjs");
  const environment = { CALLS: String(CALLS), TELLTALE_ENDPOINT: sink.endpoint, ...more };
  const forget = setInterval(() => sink.clear(), 50);
  const { stdout, stderr } = await startProgram(file, environment, ["--conditions=development", "--expose-gc"]).ended;
  clearInterval(forget);
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Told;
}

describe("memory", () => {
  it.each([
    ["with a server", {}],
    ["with a server and sampling", { RATIO: "0.1" }],
    ["without a server", { AWAY: "1", TELLTALE_ENDPOINT: "http://127.0.0.1:9" }],
  ])("does not grow over many traces %s", { timeout: 120_000 }, async (_, environment) => {
    const { used, counts } = await run(environment);
    const [first, second, , , last] = used;
    // Without a server the queue is full after the first fifth.
    expect((last?.mb ?? 0) - Math.max(first?.mb ?? 0, second?.mb ?? 0)).toBeLessThan(GROWTH_MB);
    if (!("AWAY" in environment)) expect(counts).toMatchObject({ queued: 0, droppedQueueFull: 0 });
    if ("AWAY" in environment) expect(counts["droppedQueueFull"]).toBeGreaterThan(CALLS);
  });
});
