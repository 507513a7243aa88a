import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeOpenai, startFakeOpenai } from "./testing/fake-openai.ts";
import { startProgram } from "./testing/run-program.ts";
import { type SpanSink, startSpanSink } from "./testing/span-sink.ts";

const DEVELOPMENT = ["--conditions=development"];
const programs = join(import.meta.dirname, "testing", "programs");

let model: FakeOpenai;
let sink: SpanSink;
let directory = "";

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "telltale-sdk-"));
  model = await startFakeOpenai();
  sink = await startSpanSink();
});
afterAll(async () => {
  await sink.stop();
  await model.stop();
  await rm(directory, { recursive: true });
});

async function bundle(program: string, format: "cjs" | "esm"): Promise<string> {
  const outfile = join(directory, `${format}-bundle.${format === "cjs" ? "cjs" : "mjs"}`);
  const banner =
    format === "cjs" ? "" : 'import { createRequire } from "node:module"; const require = createRequire("/");';
  await build({
    entryPoints: [join(programs, program)],
    bundle: true,
    minify: true,
    platform: "node",
    format,
    outfile,
    conditions: ["development"],
    banner: { js: banner },
    logLevel: "error",
  });
  return outfile;
}

/** What differs from run to run is left out. */
async function run(file: string, flags: readonly string[], more: Record<string, string> = {}): Promise<unknown> {
  sink.clear();
  const program = startProgram(
    file,
    {
      OPENAI_BASE_URL: model.baseUrl,
      OPENAI_API_KEY: "k",
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.endpoint,
      TELLTALE_DEBUG: "1",
      ...more,
    },
    flags,
  );
  const result = await program.ended;
  expect(result).toEqual({ code: 0, signal: null, stdout: "Where is my parcel?", stderr: "" });
  const [call, outer] = sink.spans.toSorted((first, second) => second.kind - first.kind);
  expect(call?.parentSpanId).toBe(outer?.spanId);
  expect(call?.traceId).toBe(outer?.traceId);
  return sink.spans.map(({ name, kind, statusCode, attributes, resource, scope }) => {
    return { name, kind, statusCode, attributes, resource, scope };
  });
}

describe("the program of the README", () => {
  it("tells the same as an ES module, in CommonJS and in bundles of both", async () => {
    const asModule = await run(join(programs, "esm.mjs"), DEVELOPMENT);
    expect(asModule).toMatchObject([
      { name: "chat echo", resource: { "service.name": "customer-support-agent" } },
      { name: "generate_response", attributes: { "telltale.span.kind": "workflow" } },
    ]);
    expect(await run(join(programs, "common.cjs"), DEVELOPMENT)).toEqual(asModule);
    expect(await run(await bundle("esm.mjs", "esm"), [])).toEqual(asModule);
    expect(await run(await bundle("common.cjs", "cjs"), [])).toEqual(asModule);
  }, 60_000);

  it("sends each span by itself in development", async () => {
    await run(join(programs, "esm.mjs"), DEVELOPMENT, { NODE_ENV: "development" });
    expect(sink.requests.map(({ spans }) => spans.length)).toEqual([1, 1]);
  });
});
