import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Spend } from "../api-types.ts";
import { openTestStore, type TestStore } from "../query/testing/open-test-store.ts";
import { providerOf, type Run, RUN_NANOS, RUN_START, RunEngine, runOf, spansOf } from "../query/testing/random-runs.ts";
import { spend } from "./spend.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let test: TestStore;
let engine: RunEngine;
let runs = 0;

beforeAll(async () => {
  test = await openTestStore();
  engine = new RunEngine(test);
  await engine.open();
}, 60_000);

afterAll(() => test.close());

/** Sums by key and hour, calls whose cost is not wholly known by key alone: so are they told. */
type Sums = Map<string, { calls: number; unpriced: number; input: number; nanos: bigint }>;

function add(
  sums: Sums,
  key: string,
  hour: number,
  row: { input: number; isWhole: boolean; nanos: bigint | undefined },
): void {
  const place = `${key}@${hour}`;
  const unpriced = (sums.get(key)?.unpriced ?? 0) + (row.isWhole ? 0 : 1);
  sums.set(key, { calls: 0, unpriced, input: 0, nanos: 0n });
  const sum = sums.get(place) ?? { calls: 0, unpriced: 0, input: 0, nanos: 0n };
  sum.calls++;
  sum.input += row.input;
  sum.nanos += row.nanos ?? 0n;
  sums.set(place, sum);
}

async function told(by: string, project: string): Promise<Sums> {
  const input = { by, project, interval: "hour", from: RUN_START - DAY, to: RUN_START + 3 * DAY, limit: 100 };
  const answer = spend.output.parse(await spend.run(spend.input.parse(input), test.reader)) as Spend;
  const sums: Sums = new Map();
  for (const series of answer.series) {
    let nanos = 0n;
    for (const [index, time] of answer.times.entries()) {
      const calls = series.calls[index];
      if (calls === null || calls === undefined) continue;
      const cost = BigInt(series.costNanos[index] ?? 0);
      nanos += cost;
      const hour = (time - Math.floor(RUN_START / HOUR) * HOUR) / HOUR;
      sums.set(`${series.key}@${hour}`, { calls, unpriced: 0, input: series.inputTokens[index] ?? 0, nanos: cost });
    }
    sums.set(series.key, { calls: 0, unpriced: series.unpricedCalls, input: 0, nanos: 0n });
    expect(series.totalNanos).toBe(nanos.toString());
  }
  return sums;
}

it("by every key equals the sum of the calls themselves, whatever came late", async () => {
  const check = async (all: readonly Run[]): Promise<void> => {
    const project = `p${++runs}`;
    const spans = all.map((run, index) => spansOf(run, runs * 1000 + index));
    await engine.send(
      spans.flatMap(({ root, calls }, index) => (all[index]!.isLate ? calls : [root, ...calls])),
      project,
    );
    await engine.send(
      spans.flatMap(({ root }, index) => (all[index]!.isLate ? [root] : [])),
      project,
    );
    const expected = {
      model: new Map(),
      provider: new Map(),
      service: new Map(),
      agent: new Map(),
      project: new Map(),
      user: new Map(),
      session: new Map(),
      tag: new Map(),
    } satisfies Record<string, Sums>;
    for (const run of all) {
      // Filed by the first span to arrive, and never filed anew.
      const filed = run.hour + (run.isLate ? (run.calls[0]?.hour ?? 0) : 0);
      for (const call of run.calls) {
        const price = RUN_NANOS.get(call.model);
        // What comes out costs four times what goes in, of both models.
        const tokens = BigInt(call.input + 4 * (call.output ?? 0));
        const nanos = price === undefined ? undefined : price * tokens;
        const row = { input: call.input, isWhole: price !== undefined && call.output !== null, nanos };
        const hour = run.hour + call.hour;
        add(expected.model, call.model, hour, row);
        add(expected.provider, providerOf(call.model), hour, row);
        add(expected.service, run.service, hour, row);
        add(expected.agent, run.agent, hour, row);
        add(expected.project, project, hour, row);
        add(expected.user, run.user, filed, row);
        add(expected.session, run.session, filed, row);
        for (const tag of run.tags.length === 0 ? [""] : run.tags) add(expected.tag, tag, filed, row);
      }
    }
    for (const [by, sums] of Object.entries(expected)) expect([by, await told(by, project)]).toEqual([by, sums]);
  };
  await fc.assert(fc.asyncProperty(fc.array(runOf, { minLength: 1, maxLength: 6 }), check), { numRuns: 12 });
}, 120_000);
