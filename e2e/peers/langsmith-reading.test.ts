import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ServerProcess } from "../../benchmarks/server/server-process.ts";
import { openaiScript } from "../clients/servers/openai.ts";
import { type ScriptedServer, startScriptedServer } from "../clients/testing/scripted-server.ts";
import { removeServer, startServer } from "../started-server.ts";

/* What LangSmith's own client reads back from a Telltale that it sent to. */

interface ReadRun {
  readonly id: string;
  readonly name: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly error: string | null;
  readonly dotted_order: string;
  readonly total_tokens?: number;
  readonly inputs: { readonly messages?: readonly object[] };
  readonly outputs: { readonly choices?: readonly { readonly message: { readonly content: string } }[] };
  readonly extra: { readonly metadata: object; readonly runtime: { readonly sdk: string } };
  readonly child_runs: readonly ReadRun[];
}

type Failure = { readonly name: string; readonly message: string };

/** What the program writes. */
interface Reading {
  readonly ids: { readonly root: string; readonly tool: string; readonly failed: string };
  readonly projectId: string;
  readonly root: ReadRun;
  readonly failed: ReadRun;
  readonly feedback: readonly object[];
  readonly listed: { readonly [selection: string]: readonly string[] };
  readonly selected: readonly object[];
  readonly retrieved: object;
  readonly queried: readonly { readonly name: string }[];
  readonly address: { readonly url: string };
  readonly has: readonly boolean[];
  readonly unknown: Failure;
  readonly unknownInV2: Failure;
  readonly filtered: Failure;
}

let server: ServerProcess;
let model: ScriptedServer;
let read: Reading;

beforeAll(async () => {
  [server, model] = await Promise.all([startServer(), startScriptedServer(openaiScript)]);
  read = await readingOf("langsmith-reading.mjs");
}, 120_000);

afterAll(async () => {
  await model.stop();
  await removeServer(server);
});

async function readingOf(program: string): Promise<Reading> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "vendors/programs", program)], {
    env: {
      PATH: process.env["PATH"],
      MODEL_URL: model.url,
      LANGSMITH_ENDPOINT: server.url,
      LANGSMITH_API_KEY: "any",
      LANGSMITH_TRACING: "true",
      LANGSMITH_PROJECT: "reading",
    },
    timeout: 60_000,
  });
  let [written, said] = ["", ""];
  child.stdout.on("data", (piece: Buffer) => (written += String(piece)));
  child.stderr.on("data", (piece: Buffer) => (said += String(piece)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`the program ended with ${code}:\n${said}`);
  expect(said).not.toContain("older than");
  return JSON.parse(written) as Reading;
}

it("reads a run as it was sent, with what lies below it", () => {
  const { root, ids, projectId } = read;
  expect(root).toMatchObject({
    id: ids.root,
    name: "answer",
    run_type: "chain",
    status: "success",
    error: null,
    inputs: { input: "What is a telltale?" },
    outputs: { outputs: expect.stringContaining("You said") },
    tags: ["demo"],
    trace_id: ids.root,
    parent_run_id: null,
    parent_run_ids: [],
    session_id: projectId,
    thread_id: "s-1",
    prompt_tokens: 20,
    completion_tokens: 7,
    total_tokens: 27,
    total_cost: "0.000006000",
  });
  expect(root.extra.metadata).toMatchObject({ session_id: "s-1", plan: { steps: 2 } });
  expect(root.extra.runtime.sdk).toBe("langsmith-js");
  expect(Date.parse(root.end_time)).toBeGreaterThanOrEqual(Date.parse(root.start_time));
  const [tool, call] = root.child_runs as [ReadRun, ReadRun];
  expect(tool).toMatchObject({ id: ids.tool, run_type: "tool", parent_run_id: ids.root, parent_run_ids: [ids.root] });
  expect(tool.outputs).toEqual({ outputs: [{ word: "telltale", means: "a ribbon" }] });
  expect(tool.total_tokens).toBeUndefined();
  expect(tool.dotted_order.startsWith(`${root.dotted_order}.`)).toBe(true);
  expect(call).toMatchObject({ run_type: "llm", prompt_cost: "0.000001800", completion_cost: "0.000004200" });
  expect(call.inputs.messages).toEqual([{ role: "user", content: "What is a telltale?" }]);
  expect(call.outputs.choices?.[0]?.message.content).toContain("You said");
});

it("tells a failed run's error", () => {
  expect(read.failed).toMatchObject({ status: "error", outputs: null });
  expect(read.failed.error).toContain("no wind");
});

it("lists runs by project, trace, ids, parent, type, error and time, and as many as are asked for", () => {
  expect(read.listed).toEqual({
    project: ["fail", "ChatOpenAI", "look-up", "answer"],
    roots: ["answer", "fail"],
    trace: ["answer", "look-up", "ChatOpenAI"],
    ids: ["fail", "look-up"],
    parent: ["look-up", "ChatOpenAI"],
    type: ["ChatOpenAI"],
    errors: ["fail"],
    limited: ["fail", "ChatOpenAI"],
    since: [],
  });
  expect(read.selected).toEqual([{ id: read.ids.root, name: "answer", total_tokens: 27 }]);
});

it("answers the second version of reading: what is selected, page after page", () => {
  const { retrieved, ids, projectId, queried, address } = read;
  expect(retrieved).toEqual({
    id: ids.root,
    name: "answer",
    run_type: "CHAIN",
    status: "SUCCESS",
    inputs: { input: "What is a telltale?" },
    parent_run_ids: [],
    project_id: projectId,
  });
  expect(queried.map(({ name }) => name)).toEqual(["fail", "ChatOpenAI", "look-up", "answer"]);
  expect(address.url).toMatch(new RegExp(`^${server.url}/trace/${ids.root.replaceAll("-", "")}\\?span=`));
});

it("gives feedback with the run it was told of, and knows projects", () => {
  expect(read.feedback).toMatchObject([
    { run_id: read.ids.root, key: "helpful", score: 0.5, comment: "short", feedback_source: { type: "api" } },
  ]);
  expect(read.has).toEqual([true, false, true]);
});

it("says what is not there, and what it does not understand", () => {
  expect(read.unknown).toMatchObject({ name: "LangSmithNotFoundError" });
  expect(read.unknownInV2.message).toMatch(/404.*there is no run/s);
  expect(read.filtered.message).toMatch(/422.*\\"filter\\" is not understood here/s);
});
