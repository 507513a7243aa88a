import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProgram } from "../../packages/sdk/src/testing/run-program.ts";
import { type ReadSpan } from "../../packages/sdk/src/testing/read-spans.ts";
import { startSpanSink } from "../../packages/sdk/src/testing/span-sink.ts";
import type { OwnSpan } from "./programs/opentelemetry/set-up.ts";
import { openaiScript } from "./servers/openai.ts";
import { startScriptedServer, type ScriptedServer } from "./testing/scripted-server.ts";
import { treeOf } from "./testing/span-tree.ts";

let server: ScriptedServer;

beforeAll(async () => {
  server = await startScriptedServer(openaiScript);
});
afterAll(() => server.stop());

interface Seen {
  readonly own: readonly OwnSpan[];
  readonly stderr: string;
  readonly sent: readonly ReadSpan[];
}

async function run(setUp: string, how: string): Promise<Seen> {
  const sink = await startSpanSink();
  try {
    const file = join(import.meta.dirname, "programs", "beside-opentelemetry.ts");
    const environment = {
      SETUP: setUp,
      TELLTALE_BESIDE: how,
      TELLTALE_ENDPOINT: sink.endpoint,
      SERVER_URL: server.url,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      DD_INSTRUMENTATION_TELEMETRY_ENABLED: "false",
      DD_TRACE_AGENT_URL: "http://127.0.0.1:9",
      DD_REMOTE_CONFIGURATION_ENABLED: "false",
    };
    const flags = ["--conditions=development", "--disable-warning=ExperimentalWarning"];
    const { code, stdout, stderr } = await startProgram(file, environment, flags).ended;
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    return { own: JSON.parse(stdout.trim().split("\n").at(-1) ?? "[]") as OwnSpan[], stderr, sent: sink.spans };
  } finally {
    await sink.stop();
  }
}

const OURS = ["after", "chat gpt", "inside", "invoke_workflow alone", "invoke_workflow answer"];

/** The spans of one trace as lines, without ids. */
function tree(spans: readonly ReadSpan[], root: string): readonly string[] {
  const traceId = spans.find(({ name }) => name === root)?.traceId;
  return treeOf(spans.filter((span) => span.traceId === traceId)).map((line) =>
    line.replace(/^\? [0-9a-f]{16}$/, "? elsewhere"),
  );
}

describe.each(["node-sdk", "sentry", "dd-trace"])("beside %s", (setUp) => {
  it("leaves its spans as they are and sends none of them", async () => {
    const without = await run(setUp, "none");
    const beside = await run(setUp, "isolated");
    expect(without.sent).toEqual([]);
    expect(beside.own).toEqual(without.own);
    // What dd-trace keeps is not looked at here.
    const expected = setUp === "dd-trace" ? [] : ["database", "query", "request"];
    expect(without.own.map(({ name }) => name)).toEqual(expect.arrayContaining(expected));
    expect(beside.sent.map(({ name }) => name).toSorted()).toEqual(OURS);
    // All of ours hang together below the span that stays elsewhere.
    expect(tree(beside.sent, "inside")).toEqual([
      // Sentry 11 has a tracing of its own, whose spans are nobody's parents.
      ...(setUp === "sentry" ? [] : ["? elsewhere"]),
      "invoke_workflow answer",
      "  inside",
      "    chat gpt",
      "  after",
    ]);
  }, 90_000);
});

describe("joined to NodeSDK", () => {
  it("sends its spans too, in one tree with ours, and changes nothing that it sees", async () => {
    const without = await run("node-sdk", "none");
    const joined = await run("node-sdk", "joined");
    expect(joined.own).toEqual(without.own);
    expect(joined.stderr).toBe(without.stderr);
    expect(tree(joined.sent, "request")).toEqual([
      "request",
      "  invoke_workflow answer",
      "    database",
      "      inside",
      "        chat gpt",
      "    after",
    ]);
    expect(tree(joined.sent, "invoke_workflow alone")).toEqual(["invoke_workflow alone", "  query"]);
    const request = joined.sent.find(({ name }) => name === "request");
    expect(request?.attributes).toMatchObject({
      "app.name": "request",
      "otel.scope.name": "program",
      "otel.scope.version": "1.2.3",
    });
  }, 90_000);
});

describe("as a span processor of NodeSDK", () => {
  it("does the same", async () => {
    const joined = await run("node-sdk", "processor");
    expect(joined.sent.map(({ name }) => name).toSorted()).toEqual(
      [...OURS, "database", "query", "request"].toSorted(),
    );
    expect(tree(joined.sent, "request")[0]).toBe("request");
  }, 90_000);
});
