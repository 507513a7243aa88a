import { join, resolve } from "node:path";
import type { ReadSpan } from "../../../packages/sdk/src/testing/read-spans.ts";
import { type ProgramResult, startProgram } from "../../../packages/sdk/src/testing/run-program.ts";
import { startSpanSink } from "../../../packages/sdk/src/testing/span-sink.ts";
import { SAID } from "./scenarios.ts";
import type { ScriptedServer, ServedRequest } from "./scripted-server.ts";
import { treeOf } from "./span-tree.ts";
import { WATCHED } from "./trace.ts";

/** A program and the world it runs in. */
export interface Observed {
  /** Below `e2e/clients/programs`, or a full path. */
  readonly file: string;
  /** Started afresh for each run, so that both runs meet the same servers. */
  readonly server?: () => Promise<ScriptedServer>;
  /** More of the environment; the server's address is in `SERVER_URL` anyway. */
  readonly environment?: Readonly<Record<string, string>>;
  /** More flags for Node. */
  readonly flags?: readonly string[];
}

/** What a run left behind: what the program showed, and what its servers were asked. */
export interface Run extends ProgramResult {
  readonly requests: readonly ServedRequest[];
}

/** One scenario of the watched run. */
export interface SeenScenario {
  /** What it printed, line by line. */
  readonly printed: readonly string[];
  /** Its spans, without the one around the scenario, by start. */
  readonly spans: readonly ReadSpan[];
  /** All its spans as a tree; see `treeOf`. */
  readonly tree: readonly string[];
}

/** A program that was run twice, once without and once with the SDK. */
export interface Observation {
  readonly without: Run;
  readonly watched: Run;
  readonly spans: readonly ReadSpan[];
  /** Of a program made with `runScenarios`. */
  scenario(name: string): SeenScenario;
}

/** Runs a program without and with the SDK. A program that does not end is ended by its test's time. */
export async function observe(observed: Observed): Promise<Observation> {
  const without = await run(observed, {}, []);
  const sink = await startSpanSink();
  try {
    const trace = join(import.meta.dirname, "trace.ts");
    const environment = { [WATCHED]: "1", TELLTALE_ENDPOINT: sink.endpoint, OTEL_SERVICE_NAME: "observed" };
    const watched = await run(observed, environment, ["--import", trace]);
    const spans = sink.spans;
    return { without, watched, spans, scenario: (name) => scenarioOf(name, watched, spans) };
  } finally {
    await sink.stop();
  }
}

async function run(
  { file, server, environment, flags = [] }: Observed,
  more: Readonly<Record<string, string>>,
  imports: readonly string[],
): Promise<Run> {
  const served = await server?.();
  try {
    const program = startProgram(
      resolve(import.meta.dirname, "..", "programs", file),
      { ...(served === undefined ? {} : { SERVER_URL: served.url }), ...environment, ...more },
      ["--conditions=development", "--disable-warning=ExperimentalWarning", ...imports, ...flags],
    );
    return { ...(await program.ended), requests: [...(served?.requests ?? [])] };
  } finally {
    await served?.stop();
  }
}

function scenarioOf(name: string, { stdout }: Run, spans: readonly ReadSpan[]): SeenScenario {
  const mark = `${SAID}${name}${SAID}`;
  const printed = stdout.split("\n").filter((line) => line.startsWith(mark));
  const root = spans.find((span) => span.parentSpanId === "" && span.name === name);
  const mine = spans.filter(({ traceId }) => traceId === root?.traceId);
  return {
    printed: printed.map((line) => line.slice(mark.length)),
    spans: mine.filter((span) => span !== root).toSorted((first, second) => (first.start < second.start ? -1 : 1)),
    tree: treeOf(mine),
  };
}

/** Headers that say which connection it was, not what the program asked. */
const OF_THE_CONNECTION = new Set(["host", "connection", "content-length"]);

/**
 * What both runs have to agree on: everything the program wrote, how it ended, and every request
 * that its servers got with headers and bodies. `without` and `watched` are to be equal in it.
 * Boundaries of multipart bodies are chosen by chance, so these are told without it.
 */
export function behaviour({ stdout, stderr, code, signal, requests }: Run): unknown {
  const asked = requests.map(({ method, path, query, headers, bytes }) => {
    const boundary = /boundary=([^;]+)/.exec(headers["content-type"] ?? "")?.[1];
    const plain = (text: string): string => (boundary === undefined ? text : text.replaceAll(boundary, "boundary"));
    const told = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name));
    const shown = told.map(([name, value]) => `${name}: ${plain(String(value))}`).toSorted();
    return [method, `${path}?${query.toString()}`, ...shown, plain(bytes.toString("latin1"))].join("\n");
  });
  // Calls made at once arrive in any order.
  return { stdout, stderr, code, signal, asked: asked.toSorted() };
}
