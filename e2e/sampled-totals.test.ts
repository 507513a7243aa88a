import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "../benchmarks/server/server-process.ts";
import { startProgram } from "../packages/sdk/src/testing/run-program.ts";
import { eventually } from "./otlp-json.ts";
import { removeServer, startServer } from "./started-server.ts";

/* What a sampling SDK sends, with what it tells of the rest, is what it would have sent. */

const TRACES = 400;
const SEEDS = ["1", "20", "300"];
let server: ServerProcess;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => removeServer(server));

interface Counts {
  /** Calls of models that the program made. */
  readonly calls: number;
  readonly sent: number;
  readonly sampledOut: number;
  readonly droppedQueueFull: number;
}

async function run(project: string, seed: string, how: Readonly<Record<string, string>> = {}): Promise<Counts> {
  const file = join(import.meta.dirname, "../packages/sdk/src/testing/programs/seeded-calls.mjs");
  const environment = {
    TELLTALE_ENDPOINT: server.url,
    TELLTALE_PROJECT: project,
    SEED: seed,
    TRACES: String(TRACES),
    ...how,
  };
  const { stdout, stderr } = await startProgram(file, environment, ["--conditions=development"]).ended;
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Counts;
}

interface Sums {
  readonly key: string;
  readonly totalNanos: string;
  readonly unpricedCalls: number;
  readonly calls: readonly (number | null)[];
  readonly inputTokens: readonly (number | null)[];
  readonly outputTokens: readonly (number | null)[];
}

/** The spend of a project, once it has at least so many calls. */
async function spendOf(project: string, by: string, calls: number): Promise<object[]> {
  const ask = async (): Promise<Sums[]> => {
    const answer = await fetch(`${server.url}/api/v1/spend?by=${by}&interval=hour&project=${project}`);
    return ((await answer.json()) as { series: Sums[] }).series;
  };
  const series = await eventually(ask, (found) => totalOf(found.flatMap((each) => each.calls)) >= calls);
  return series.map(({ key, totalNanos, unpricedCalls, ...lists }) => ({
    key,
    totalNanos,
    unpricedCalls,
    calls: totalOf(lists.calls),
    input: totalOf(lists.inputTokens),
    output: totalOf(lists.outputTokens),
  }));
}

function totalOf(counts: readonly (number | null)[]): number {
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

describe("a seeded run of calls", () => {
  it.each(SEEDS)(
    "with seed %s has the same totals with sampling as without",
    async (seed) => {
      const whole = await run(`whole-${seed}`, seed);
      const sampled = await run(`sampled-${seed}`, seed, { RATIO: "0.1" });
      expect(sampled.sampledOut + sampled.sent).toBe(whole.sent);
      expect(sampled.sent).toBeLessThan(whole.sent / 2);
      expect(sampled.sent).toBeGreaterThan(0);
      const url = `${server.url}/api/v1/spend?project=`;
      expect(await (await fetch(`${url}whole-${seed}`)).json()).toMatchObject({ unsent: null });
      for (const by of ["model", "provider", "agent", "service"]) {
        const expected = await spendOf(`whole-${seed}`, by, whole.calls);
        expect(expected).toHaveLength(by === "model" ? 4 : 1);
        expect(await spendOf(`sampled-${seed}`, by, whole.calls)).toEqual(expected);
      }
    },
    60_000,
  );
});

describe("a seeded run of calls without enough memory", () => {
  it("has the same totals as one with enough", async () => {
    const whole = await run("enough", "7");
    const full = await run("full", "7", { TELLTALE_MAX_QUEUE_BYTES: "60000" });
    expect(full.droppedQueueFull + full.sent).toBe(whole.sent);
    expect(full.droppedQueueFull).toBeGreaterThan(whole.sent / 4);
    expect(full.sent).toBeGreaterThan(0);
    for (const by of ["model", "provider", "agent", "service"]) {
      const expected = await spendOf("enough", by, whole.calls);
      expect(await spendOf("full", by, whole.calls)).toEqual(expected);
    }
  }, 60_000);
});

describe("a report of what was not sent", () => {
  const sumOf = (report: string): object => ({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: ["calls", "cost"].map((name) => ({
              name: `telltale.unsent.${name}`,
              sum: {
                aggregationTemporality: 1,
                isMonotonic: true,
                dataPoints: [0, 1].map((row) => ({
                  timeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
                  asInt: "5",
                  attributes: [{ key: "telltale.unsent.report", value: { stringValue: `${report}-${row}` } }],
                })),
              },
            })),
          },
        ],
      },
    ],
  });
  const send = async (body: object): Promise<void> => {
    const headers = { "content-type": "application/json", "x-telltale-project": "twice" };
    const answer = await fetch(`${server.url}/v1/metrics`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
  };

  it("counts once, sent again in the same moment, later, and after a restart", async () => {
    const first = sumOf("one");
    await Promise.all([send(first), send(first), send(first)]);
    await spendOf("twice", "model", 10);
    await send(first);
    await server.stop();
    await server.start();
    await server.whenReady();
    await send(first);
    await send(sumOf("two"));
    const [row] = await spendOf("twice", "model", 20);
    expect(row).toMatchObject({ calls: 20, totalNanos: "20" });
  }, 60_000);
});
