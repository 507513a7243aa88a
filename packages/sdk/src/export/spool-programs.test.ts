import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningProgram, startProgram } from "../testing/run-program.ts";
import { pointsOfJson } from "../testing/read-json-otlp.ts";
import { type SpanSink, startSpanSink } from "../testing/span-sink.ts";

let directory: string;
let port: number;
let sink: SpanSink | undefined;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "telltale-spool-"));
  port = await freePort();
});
afterEach(async () => {
  await sink?.stop();
  sink = undefined;
  rmSync(directory, { recursive: true, force: true });
});

/** A port that nobody listens at yet. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function run(how: string, more: Record<string, string> = {}): RunningProgram {
  const file = join(import.meta.dirname, "..", "testing", "programs", "spooling.mjs");
  const environment = { HOW: how, NAME: "span", TELLTALE_SPOOL: directory, ...more };
  return startProgram(file, { TELLTALE_ENDPOINT: `http://127.0.0.1:${port}`, ...environment }, [
    "--conditions=development",
  ]);
}

function files(): string[] {
  return readdirSync(directory).filter((name) => name.includes(".otlp"));
}

/** Starts the server and a program that brings what is on disk; answers with the names that came, each once. */
async function drained(): Promise<string[]> {
  sink = await startSpanSink(port);
  const { stdout } = await run("drain").ended;
  expect(JSON.parse(stdout)).toMatchObject({ damagedSpoolFiles: 0, droppedRefused: 0 });
  const ids = new Map(sink.spans.map(({ spanId, name }) => [spanId, name]));
  return [...ids.values()];
}

const ALL = Array.from({ length: 50 }, (_, index) => `span ${index}`);

describe("a program with a spool", () => {
  it("keeps on disk what a server that is away cannot take, and the next one brings it", async () => {
    const { stdout } = await run("flushes").ended;
    expect(JSON.parse(stdout)).toMatchObject({ spooled: 50, sent: 0, queued: 0 });
    expect(await drained()).toEqual(ALL);
    expect(files()).toEqual([]);
  });

  it.each(["ends", "exits"])("loses nothing when it %s before anything was sent", async (how) => {
    expect((await run(how).ended).code).toBe(how === "exits" ? 3 : 0);
    expect(await drained()).toEqual(ALL);
  });

  it("loses nothing by a signal, also when the server never answers", async () => {
    const silent = await startSpanSink(port);
    silent.rule = () => ({ status: "silence" });
    const program = run("waits");
    await program.said("ready");
    program.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: null, signal: "SIGTERM" });
    await silent.stop();
    expect(await drained()).toEqual(ALL);
  });

  it("brings it by itself when the server is back, oldest first", async () => {
    const program = run("waits");
    await program.said("ready");
    await expect.poll(files, { timeout: 5000 }).toHaveLength(1);
    sink = await startSpanSink(port);
    await expect.poll(() => sink?.spans.map(({ name }) => name), { timeout: 10_000 }).toEqual(ALL);
    await expect.poll(files, { timeout: 5000 }).toEqual([]);
    program.kill("SIGKILL");
    await program.ended;
  });

  it("keeps every span that it said was kept, killed at any moment, two at a time", async () => {
    const kept = new Map<string, number>();
    for (let round = 0; round < 3; round++) {
      const programs = ["a", "b"].map((each) => {
        const name = `${each}${round}`;
        return { name, program: run("endless", { NAME: name, LETTERS: "3000" }) };
      });
      await Promise.all(programs.map(({ program }) => program.said("kept 20.")));
      await new Promise((resolve) => setTimeout(resolve, 150 + 170 * round));
      for (const { program } of programs) program.kill("SIGKILL");
      for (const { name, program } of programs) {
        const told = [...(await program.ended).stdout.matchAll(/kept (\d+)\./g)].at(-1)?.[1];
        kept.set(name, Number(told));
      }
    }
    const names = new Set(await drained());
    for (const [name, count] of kept) {
      expect(count).toBeGreaterThanOrEqual(20);
      const missing = Array.from({ length: count }, (_, index) => `${name} ${index}`).filter(
        (each) => !names.has(each),
      );
      expect(missing).toEqual([]);
    }
    expect(readdirSync(directory)).toEqual([]);
  });

  it("is drained by several at once without sending anything twice", async () => {
    const writer = run("endless", { LETTERS: "100" });
    await writer.said("kept 400.");
    writer.kill("SIGKILL");
    await writer.ended;
    sink = await startSpanSink(port);
    await Promise.all([run("drain").ended, run("drain").ended, run("drain").ended]);
    const ids = sink.spans.map(({ spanId }) => spanId);
    expect(ids.length).toBeGreaterThanOrEqual(400);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("goes on in memory when there is no disk to write to", async () => {
    writeFileSync(join(directory, "file"), "in the way");
    const program = run("waits", { TELLTALE_SPOOL: join(directory, "file", "spool") });
    await program.said("ready");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    sink = await startSpanSink(port);
    await expect.poll(() => sink?.spans.map(({ name }) => name), { timeout: 10_000 }).toEqual(ALL);
    program.kill("SIGKILL");
    await program.ended;
  });

  it("samples what it keeps at the end, and never keeps what was not to be sent", async () => {
    await run("exits", { OTEL_TRACES_SAMPLER: "always_off" }).ended;
    expect(files()).toEqual([]);
    const sampled = { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.3" };
    const { stdout } = await run("flushes", sampled).ended;
    const { spooled = 0, sampledOut = 0 } = JSON.parse(stdout) as Record<string, number>;
    expect(sampledOut).toBeGreaterThan(10);
    expect(spooled + sampledOut).toBe(50);
    expect(await drained()).toHaveLength(spooled);
    expect(sink?.metrics).toHaveLength(1);
  });

  it("takes no more than its bytes, and tells the sums of what it did not take", async () => {
    const json = { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
    const { stdout } = await run("flushes", { ...json, TELLTALE_SPOOL_MAX_BYTES: "1500", LETTERS: "500" }).ended;
    expect(JSON.parse(stdout)).toMatchObject({ spooled: 0, droppedSpoolFull: 50 });
    sink = await startSpanSink(port);
    await run("drain", json).ended;
    expect(sink.spans).toEqual([]);
    const points = sink.metrics.flatMap(({ body }) => pointsOfJson(body));
    expect(points).toMatchObject([
      { metric: "telltale.unsent.spans", value: 50n, attributes: { "telltale.unsent.reason": "lost" } },
    ]);
    expect(files()).toEqual([]);
  });
});
