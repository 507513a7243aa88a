import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, ServerProcess } from "../benchmarks/server/server-process.ts";
import { lossesOf } from "../packages/server/src/testing/losses.ts";
import { readRecording, recordingNames } from "../packages/server/src/testing/read-recording.ts";
import { storyOf } from "../packages/server/src/testing/stories.ts";
import { eventually } from "./otlp-json.ts";

/*
 * Every recorded request of every SDK goes over HTTP into a real server, byte for byte, and its
 * spans are found again by SQL. Each recording is its own project.
 */

/** Recordings in which one call is billed twice, or not as a call, and why. */
const BILLED_OTHERWISE: { readonly [name: string]: string } = {
  "openinference/anthropic-stream-helper": "two layers told one call in two traces, with no id that both name",
  "openinference/lc-stream": "two layers told one call in two traces, with no id that both name",
  "vercel4-openinference/object": "told as failed, without answer or tokens: such a call is not billed",
};

const names = recordingNames();
const directory = mkdtempSync(join(tmpdir(), "telltale-corpus-"));
let server: ServerProcess;

async function sendRecording(name: string): Promise<void> {
  for (const { path, headers, body } of readRecording(name).requests) {
    const sent: { [header: string]: string } = { "x-telltale-project": name };
    for (const header of ["content-type", "content-encoding"]) if (headers[header]) sent[header] = headers[header];
    const response = await fetch(server.url + path, {
      method: "POST",
      headers: sent,
      body: new Uint8Array(body),
    });
    if (!response.ok) throw new Error(`${name} ${path}: ${response.status} ${await response.text()}`);
  }
}

function distinctSpans(name: string): number {
  return new Set(readRecording(name).spans.map((span) => `${span.traceId} ${span.spanId}`)).size;
}

beforeAll(async () => {
  server = new ServerProcess(await freePort(), directory, "source");
  await server.start();
  await server.whenReady();
  for (const name of names) await sendRecording(name);
  const wanted = names.reduce((sum, name) => sum + distinctSpans(name), 0);
  await eventually(
    () => server.query("SELECT count() FROM spans"),
    (rows) => Number(rows[0]?.[0]) >= wanted,
  );
}, 180_000);

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function spans(name: string, columns: string, where = "1"): Promise<unknown[][]> {
  return server.query(
    `SELECT ${columns} FROM spans WHERE project = '${name}' AND ${where} ORDER BY start_time, span_id`,
  );
}

describe.each(names)("%s", (name) => {
  const [sdk = "", scenario = ""] = name.split("/");
  const story = storyOf(sdk, scenario);
  const losses = lossesOf(name);

  it("is stored whole, each span once", async () => {
    const counts = "toInt32(count()), toInt32(uniqExact(trace_id, span_id))";
    const [[count, distinct]] = (await server.query(`SELECT ${counts} FROM spans WHERE project = '${name}'`)) as [
      [number, number],
    ];
    expect([count, distinct]).toEqual([distinctSpans(name), distinctSpans(name)]);
    const [[summed]] = (await server.query(
      `SELECT toInt32(sum(span_count)) FROM traces WHERE project = '${name}'`,
    )) as [[number]];
    expect(summed).toBe(distinctSpans(name));
  });

  it.runIf(story && !losses.has("calls"))("bills the calls and tokens of its story", async () => {
    const kind = story!.kind ?? "llm";
    const rows = await spans(name, "input_tokens, output_tokens", `billed AND kind = '${kind}'`);
    const told = losses.has("usage")
      ? story!.calls.map(() => [null, null])
      : story!.calls.map(([input, output]) => [input, output]);
    const expected = story!.fails ? [] : told;
    const numbers = rows.map((row) => row.map((value) => (value === null ? null : Number(value))));
    const key = (row: readonly unknown[]): string => JSON.stringify(row);
    if (BILLED_OTHERWISE[name]) expect(numbers.map(key).toSorted()).not.toEqual(expected.map(key).toSorted());
    else expect(numbers.map(key).toSorted()).toEqual(expected.map(key).toSorted());
  });

  it.runIf(story && !story.fails && !losses.has("calls"))("has the question and the answers", async () => {
    const kind = story!.kind ?? "llm";
    const rows = await spans(name, "input, output, request_model", `kind = '${kind}'`);
    if (!losses.has("input") && story!.asks)
      expect(rows.some(([input]) => String(input).includes(story!.asks!))).toBe(true);
    for (const [, , says] of story!.calls)
      if (says && !losses.has("output")) expect(rows.some(([, output]) => String(output).includes(says))).toBe(true);
    if (!losses.has("model")) expect(rows.every(([, , model]) => String(model).startsWith(story!.model))).toBe(true);
  });
});
