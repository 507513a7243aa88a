import type { Json } from "@telltale/model";
import { isArray, type JsonObject, memberOf } from "../dialect/json-of.ts";
import type { ApiAnswer } from "../receive/answer-api.ts";
import { Refusal } from "../receive/refusal.ts";
import { readRuns, type RunSource } from "./read-runs.ts";
import type { RunJson } from "./run-of-row.ts";
import { runSelection } from "./run-selection.ts";
import { runInV2 } from "./run-in-v2.ts";

/**
 * `GET /runs/{id}`. A run that was sent a moment ago is not there yet: 404, which the SDKs throw as `NotFound` and do not
 * try again, as with LangSmith itself.
 */
export async function answerRun(id: string, source: RunSource): Promise<ApiAnswer> {
  return { status: 200, body: await runById(id, true, source) };
}

/** `POST /runs/query`: the next page is where `cursors.next` says. */
export async function answerRunQuery(body: JsonObject, source: RunSource): Promise<ApiAnswer> {
  const { runs, next } = await select(body, true, source);
  const wanted = namesIn(memberOf(body, "select"));
  const told = wanted === undefined ? runs : runs.map((run) => chosen(run, new Set(["id", ...wanted])));
  return { status: 200, body: { runs: told, cursors: { next: next === "" ? null : next, prev: null } } };
}

/** `GET /api/v2/runs/{id}`. */
export async function answerRunInV2(id: string, query: URLSearchParams, source: RunSource): Promise<ApiAnswer> {
  const project = query.get("project_id");
  const run = await runById(id, false, source, project === null ? {} : { session: project });
  return { status: 200, body: runInV2(run, query.getAll("selects")) };
}

/** `POST /api/v2/runs/query`. */
export async function answerRunQueryInV2(body: JsonObject, source: RunSource): Promise<ApiAnswer> {
  const { runs, next } = await select(body, memberOf(body, "include_subtree_usage") === true, source);
  const selects = namesIn(memberOf(body, "selects")) ?? [];
  const items = runs.map((run) => runInV2(run, selects));
  return { status: 200, body: { items, ...(next === "" ? {} : { next_cursor: next }) } };
}

/** `GET /api/v2/runs/{id}/url`: the page of the run, on the host that was asked. */
export async function answerRunUrl(id: string, host: string | undefined, source: RunSource): Promise<ApiAnswer> {
  const { app_path: path } = await runById(id, false, source);
  return { status: 200, body: { url: `http://${host ?? "127.0.0.1:4318"}${String(path)}` } };
}

function select(body: JsonObject, isWithBelow: boolean, source: RunSource): ReturnType<typeof readRuns> {
  return readRuns(
    runSelection(body, (id) => source.projects.byId(id)?.name),
    isWithBelow,
    source,
  );
}

async function runById(id: string, isWithBelow: boolean, source: RunSource, more: JsonObject = {}): Promise<RunJson> {
  const { runs } = await select({ ...more, id: [id], limit: 1 }, isWithBelow, source);
  const [run] = runs;
  if (run) return run;
  throw new Refusal(404, `there is no run ${id}: it was never sent, or is not stored yet`);
}

function namesIn(value: Json | undefined): readonly string[] | undefined {
  return isArray(value) ? value.filter((name) => typeof name === "string") : undefined;
}

function chosen(run: RunJson, wanted: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(run).filter(([name]) => wanted.has(name)));
}
