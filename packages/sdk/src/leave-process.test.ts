import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningProgram, startProgram } from "./testing/run-program.ts";
import { type SpanSink, startSpanSink } from "./testing/span-sink.ts";

let sink: SpanSink;

beforeAll(async () => {
  sink = await startSpanSink();
});
beforeEach(() => sink.clear());
afterAll(() => sink.stop());

function start(how: string, endpoint = sink.endpoint, more: Record<string, string> = {}): RunningProgram {
  const file = join(import.meta.dirname, "testing", "programs", "ending.mjs");
  return startProgram(file, { HOW: how, TELLTALE_ENDPOINT: endpoint, ...more }, ["--conditions=development"]);
}

function names(): readonly string[] {
  return sink.spans.map(({ name }) => name);
}

describe("the end of a program", () => {
  it("by itself sends what is left", async () => {
    expect(await start("ends").ended).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(names()).toEqual(["work"]);
  });

  it("with work that never ends tells that work too", async () => {
    expect((await start("open").ended).code).toBe(0);
    expect(names()).toEqual(["work", "never ends"]);
    expect(sink.spans[1]?.attributes["telltale.outcome"]).toBe("abandoned");
  });

  it.each(["SIGTERM", "SIGINT"] as const)("by %s sends what is left and dies of the signal", async (signal) => {
    const program = start("waits");
    await program.said("ready");
    program.kill(signal);
    expect(await program.ended).toMatchObject({ code: null, signal });
    expect(names()).toEqual(["work"]);
  });

  it("by a signal that the program handles is the program's own", async () => {
    const program = start("listens");
    await program.said("ready");
    program.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 7, signal: null });
    expect(names()).toEqual(["work"]);
  });

  it.each(["listens once", "listens once later"])("by a signal is the program's own, that %s", async (how) => {
    const program = start(how);
    await program.said("ready");
    program.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: 8, signal: null });
    expect(names()).toEqual(["work"]);
  });

  it("by a signal is left to those who look whether they are alone", async () => {
    const program = start("counts listeners");
    await program.said("ready");
    program.kill("SIGTERM");
    expect(await program.ended).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  it("is not brought about by a signal that the program goes on after, again and again", async () => {
    const program = start("goes on");
    await program.said("ready");
    program.kill("SIGTERM");
    await program.said("still here");
    program.kill("SIGTERM");
    await program.said("still herestill here");
    await expect.poll(names).toEqual(["work"]);
    program.kill("SIGKILL");
    await program.ended;
  });

  it("by an error of its own looks as it does without us", async () => {
    const { code, stderr } = await start("throws").ended;
    expect(code).toBe(1);
    expect(stderr).toContain("Error: its own");
    expect(stderr).not.toContain("telltale]");
  });

  it("is not held up for long when nobody takes the spans, and nothing is written", async () => {
    expect(await start("ends", "http://127.0.0.1:9").ended).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  });

  it("on a Node that is too old is as it was without us, with one line that says so", async () => {
    const older = ["--import", "data:text/javascript,delete Promise.withResolvers"];
    const file = join(import.meta.dirname, "testing", "programs", "ending.mjs");
    const environment = { HOW: "open", TELLTALE_ENDPOINT: sink.endpoint };
    const { code, stdout, stderr } = await startProgram(file, environment, [...older, "--conditions=development"])
      .ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toMatch(/^\[telltale\] Nothing is watched: .+ Node 22\.15 or newer is needed\.\n$/);
    expect(names()).toEqual([]);
  });

  it("is told on request what went wrong", async () => {
    const { stderr } = await start("ends", "http://127.0.0.1:9", { TELLTALE_DEBUG: "1" }).ended;
    expect(stderr).toContain("[telltale] Spans could not be sent, trying again: connect ECONNREFUSED");
  });

  it("has nothing to send when OpenTelemetry is switched off", async () => {
    expect((await start("ends", sink.endpoint, { OTEL_SDK_DISABLED: "true" }).ended).code).toBe(0);
    expect(names()).toEqual([]);
  });
});
