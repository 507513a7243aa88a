import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort, ServerProcess } from "../../benchmarks/server/server-process.ts";
import { openaiScript } from "../clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "../clients/testing/scripted-server.ts";
import { eventually } from "../otlp-json.ts";

/*
 * Programs on other SDKs, as their users write them, send to a running Telltale: switched by environment variables, or
 * where an SDK knows none, by an option for the endpoint.
 */

/** A program, and what it must be told to send here. */
interface Peer {
  /** Below this folder. */
  readonly program: string;
  readonly environment: (url: string, grpc: string) => Readonly<Record<string, string>>;
  /** Spans of kind llm that count. */
  readonly calls: number;
  /** Tokens in and out of one call as the played model tells them; null where the SDK leaves them out. */
  readonly tokens?: readonly [number, number];
  /** More spans: each must be there. */
  readonly spans: readonly { readonly kind: string; readonly name: string }[];
  readonly session?: string;
  /** The question is not on the call itself. */
  readonly asksElsewhere?: true;
}

const CALL = [20, 7] as const;
const KEYS = { LANGFUSE_PUBLIC_KEY: "pk-lf-peer", LANGFUSE_SECRET_KEY: "sk-lf-peer-secret" };
const OTLP = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

const PEERS: Readonly<Record<string, Peer>> = {
  langsmith: {
    program: "vendors/programs/langsmith.mjs",
    environment: (url) => ({ LANGSMITH_ENDPOINT: url, LANGSMITH_API_KEY: "any", LANGSMITH_TRACING: "true" }),
    calls: 3,
    tokens: CALL,
    spans: [
      { kind: "workflow", name: "answer" },
      { kind: "agent", name: "forecaster" },
      { kind: "tool", name: "weather" },
    ],
    session: "s-1",
  },
  "langsmith, as one more endpoint": {
    program: "vendors/programs/langsmith.mjs",
    environment: (url) => ({
      // Here the same server plays LangSmith's part, which the SDK asks what it understands.
      LANGSMITH_ENDPOINT: url,
      LANGSMITH_RUNS_ENDPOINTS: JSON.stringify([{ api_url: url, api_key: "any", project_name: "copy" }]),
      LANGSMITH_TRACING: "true",
    }),
    calls: 3,
    tokens: CALL,
    spans: [{ kind: "tool", name: "weather" }],
  },
  "langfuse 3": {
    program: "vendors/programs/langfuse.mjs",
    environment: (url) => ({ LANGFUSE_BASEURL: url, ...KEYS }),
    calls: 1,
    tokens: CALL,
    spans: [
      { kind: "workflow", name: "answer" },
      { kind: "span", name: "look-up" },
      { kind: "span", name: "look-at" },
    ],
    session: "s-1",
  },
  "@langfuse/otel 5": {
    program: "otel2/programs/langfuse.mjs",
    environment: (url) => ({ LANGFUSE_BASE_URL: url, ...KEYS }),
    calls: 1,
    tokens: CALL,
    spans: [],
  },
  "@traceloop/node-server-sdk": {
    program: "otel2/programs/traceloop.mjs",
    environment: (url) => ({ TRACELOOP_BASE_URL: url, TRACELOOP_TELEMETRY: "false" }),
    calls: 1,
    tokens: CALL,
    spans: [{ kind: "workflow", name: "answer.workflow" }],
  },
  "@arizeai/phoenix-otel": {
    program: "otel2/programs/phoenix.mjs",
    environment: (url) => ({ PHOENIX_COLLECTOR_ENDPOINT: url }),
    calls: 1,
    tokens: CALL,
    spans: [],
  },
  "@posthog/ai": {
    program: "otel2/programs/posthog.mjs",
    environment: (url) => ({ POSTHOG_HOST: url }),
    calls: 1,
    tokens: CALL,
    spans: [],
  },
  openlit: { program: "otel2/programs/openlit.mjs", environment: OTLP, calls: 1, tokens: CALL, spans: [] },
  "@mastra/core": {
    program: "otel2/programs/mastra.mjs",
    environment: (url) => ({ TRACES_ENDPOINT: `${url}/v1/traces`, MASTRA_TELEMETRY_DISABLED: "1" }),
    calls: 1,
    tokens: CALL,
    spans: [{ kind: "agent", name: "invoke_agent forecaster" }],
    asksElsewhere: true,
  },
  "@opentelemetry/instrumentation-openai, HTTP": {
    program: "otel3/programs/openai.cjs",
    environment: (url) => ({ ...OTLP(url), OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" }),
    calls: 1,
    tokens: CALL,
    spans: [],
  },
  "@opentelemetry/instrumentation-openai, gRPC": {
    program: "otel3/programs/openai.cjs",
    environment: (_, grpc) => ({ ...OTLP(grpc), OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }),
    calls: 1,
    tokens: CALL,
    spans: [],
  },
  "@openai/agents": {
    program: "vendors/programs/openai-agents.mjs",
    environment: (url) => ({ TRACES_ENDPOINT: `${url}/v1/traces/ingest` }),
    calls: 2,
    tokens: CALL,
    spans: [
      { kind: "workflow", name: "forecast" },
      { kind: "agent", name: "Forecaster" },
      { kind: "tool", name: "weather" },
    ],
    session: "s-1",
  },
};

const directory = mkdtempSync(join(tmpdir(), "telltale-peers-"));
let server: ServerProcess;
let grpc: string;
let model: ScriptedServer;

beforeAll(async () => {
  const grpcPort = await freePort();
  grpc = `http://127.0.0.1:${grpcPort}`;
  server = new ServerProcess(await freePort(), directory, "source", ["--grpc-port", String(grpcPort)]);
  model = await startScriptedServer(openaiScript);
  await server.start();
  await server.whenReady();
}, 60_000);

afterAll(async () => {
  await server.stop();
  await model.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a program to its end; what it wrote. */
async function runProgram({ program, environment }: Peer): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program)], {
    env: { PATH: process.env["PATH"], HOME: directory, MODEL_URL: model.url, ...environment(server.url, grpc) },
    timeout: 60_000,
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => (written += String(piece)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}:\n${written}`);
  return written;
}

/** The newest spans: those that came while a program ran. */
async function spansSince(row: number, wanted: (spans: unknown[][]) => boolean): Promise<unknown[][]> {
  const columns =
    "kind, name, billed, toInt32(input_tokens), toInt32(output_tokens), input, output, session_id, end_time IS NOT NULL";
  const sql = `SELECT ${columns} FROM spans ORDER BY start_time LIMIT 10000 OFFSET ${row}`;
  return eventually(() => server.query(sql), wanted);
}

async function spanCount(): Promise<number> {
  const [[count]] = (await server.query("SELECT toInt32(count()) FROM spans")) as [[number]];
  return count;
}

describe.each(Object.entries(PEERS))("%s", (_, peer) => {
  it("tells its calls, tokens, content and tree", async () => {
    const before = await spanCount();
    await runProgram(peer);
    // Content in log records comes after its span.
    const isTold = ([kind, , billed, , , asked, said]: unknown[]): boolean =>
      kind === "llm" && Boolean(billed) && said !== "" && (peer.asksElsewhere === true || asked !== "");
    const isWhole = (spans: unknown[][]): boolean =>
      spans.filter(isTold).length >= peer.calls &&
      peer.spans.every((span) => spans.some(([kind, name]) => kind === span.kind && name === span.name)) &&
      spans.every((row) => row[8]);
    const spans = await spansSince(before, isWhole);
    const seen = spans
      .map(([kind, name, billed]) => `${String(kind)} ${String(name)}${billed ? " (billed)" : ""}`)
      .join("\n");
    const calls = spans.filter(([kind, , billed]) => kind === "llm" && billed);
    if (calls.length !== peer.calls) throw new Error(`${calls.length} calls, not ${peer.calls}:\n${seen}`);
    for (const [, , , input, output, asked, said] of calls) {
      if (peer.tokens) expect([input, output]).toEqual(peer.tokens);
      if (!peer.asksElsewhere) expect(String(asked)).toMatch(/What is a telltale\?|Weather in Oslo\?/);
      expect(String(said)).toMatch(/You said|weather/);
    }
    for (const span of peer.spans) expect(seen).toContain(`${span.kind} ${span.name}`);
    if (peer.session) expect(spans.some((row) => row[7] === peer.session)).toBe(true);
    expect(spans.every((row) => row[8])).toBe(true);
  }, 90_000);
});
