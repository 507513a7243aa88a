import type { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, memberOf, textIn } from "../dialect/json-of.ts";
import type { Journal } from "../journal/journal.ts";
import { answerReading } from "../langsmith/answer-reading.ts";
import type { Reader } from "../query.ts";
import { answerApi, type ApiAnswer, type ApiRequest, pathOf } from "../receive/answer-api.ts";
import { answerSessions } from "../receive/answer-sessions.ts";
import { type Intake, processIntake } from "../receive/intake.ts";
import { KeptProjects } from "../receive/kept-projects.ts";
import { KnownRuns } from "../receive/known-runs.ts";
import { boundaryOf, partsIn } from "../receive/multipart.ts";
import { projectOf } from "../receive/project-header.ts";
import { readJson } from "../receive/read-json.ts";
import { Refusal } from "../receive/refusal.ts";
import { RunBatch } from "../receive/run-batch.ts";
import type { HttpReceiver } from "../receiver.ts";

/**
 * The paths of LangSmith's API by which its SDKs tell runs and read them back, bare and below `/api/v1` (conventions
 * §5.2), and the second version of reading. What else is asked for below the bare ones is refused as its SDKs expect, and is no page.
 */
const PATH =
  /^(?:\/api\/v1|\/api(?=\/v2\/))?\/(info|runs|runs\/batch|runs\/multipart|runs\/query|runs\/[0-9a-fA-F-]{36}|feedback|sessions(?:\/[0-9a-fA-F-]{36})?|v2\/runs\/(?:query|[0-9a-fA-F-]{36}(?:\/url)?))$|^\/((?:runs|feedback|sessions)\/.*)$/;
const RUN = /^runs\/([0-9a-fA-F-]{36})$/;
/** The file of projects in the data directory. */
const PROJECTS_FILE = "langsmith-projects.json";

/** What the SDKs ask first, and adapt to. The bounds are LangSmith's own; ours are above them. */
const INFO = {
  version: "0.16.0",
  instance_flags: { gzip_body_enabled: true, zstd_compression_enabled: true },
  batch_ingest_config: {
    use_multipart_endpoint: true,
    scale_up_qsize_trigger: 1000,
    scale_up_nthreads_limit: 16,
    scale_down_nempty_trigger: 4,
    size_limit: 100,
    size_limit_bytes: 20_971_520,
  },
};

/** LangSmith's API as far as tracing, and reading what was traced, need it: with `LANGSMITH_ENDPOINT` alone its SDKs send here. */
export const langsmith: HttpReceiver = createLangsmith(processIntake);

/** Makes a receiver with bounds of its own. */
export function createLangsmith(intake: Intake): HttpReceiver {
  const known = new KnownRuns();
  const kept = new Map<string, KeptProjects>();
  const projectsIn = (directory: string): KeptProjects => {
    const projects = kept.get(directory) ?? new KeptProjects(join(directory, PROJECTS_FILE));
    kept.set(directory, projects);
    return projects;
  };
  return {
    name: "langsmith",
    owns: (path) => PATH.test(path),
    handle: (request, response, journal, directory, reader) =>
      answerApi(intake, request, response, {
        answer: (call) => answer(call, { intake, journal, known, reader, projects: projectsIn(directory) }),
        refusal: ({ message }) => ({ detail: message, error: message }),
      }),
  };
}

/** Where a request's runs go. */
interface Way {
  readonly intake: Intake;
  readonly journal: Journal;
  readonly known: KnownRuns;
  readonly reader: Reader;
  readonly projects: KeptProjects;
}

async function answer(request: ApiRequest, way: Way): Promise<ApiAnswer> {
  const [, known, other] = PATH.exec(pathOf(request.path)) ?? [];
  const place = known ?? other ?? "";
  const { method } = request;
  const body = async (): Promise<JsonObject> => objectIn(await request.body());
  if (place === "info" && method === "GET") return { status: 200, body: INFO };
  if (place.startsWith("sessions")) {
    const id = place.slice("sessions/".length);
    await noteStored(request.query.get("name"), way);
    return answerSessions({ ...request, id, body }, way.projects);
  }
  const read = await answerReading(place, request, body, way);
  if (read) return read;
  const batch = new RunBatch(way.known);
  if (place === "feedback" && method === "POST") return keepFeedback(request, batch, way);
  const [, run] = RUN.exec(place) ?? [];
  if (run !== undefined && method === "PATCH") {
    batch.add("patch", { ...(await body()), id: run });
    return keep(request, batch, way);
  }
  if (known === undefined) throw new Refusal(404, `there is no ${JSON.stringify(other)} here: an id is a UUID`);
  if (!place.startsWith("runs") || method !== "POST")
    throw new Refusal(
      405,
      `${method} is not answered here: runs are sent, read by id and queried; Telltale's own API under /api/v1 tells more`,
    );
  if (place === "runs") batch.add("post", readJson(await request.body()));
  else if (place === "runs/batch") addBatch(batch, objectIn(await request.body()));
  else if (place === "runs/multipart") addParts(batch, await request.body(), request.headers["content-type"] ?? "");
  else throw new Refusal(405, "runs are changed by PATCH");
  return keep(request, batch, way);
}

/** A project that came by another way than this API is there as well. */
async function noteStored(name: string | null, { projects, reader }: Way): Promise<void> {
  if (!name || projects.byName(name)) return;
  const sql = "SELECT 1 FROM telltale_data.trace_summaries WHERE project = {name:String} LIMIT 1";
  if ((await reader.rows(sql, { name })).length > 0) projects.note([name]);
}

function objectIn(body: Buffer): JsonObject {
  const value = readJson(body);
  if (isObject(value)) return value;
  throw new Refusal(422, "the body is a JSON object");
}

function addBatch(batch: RunBatch, body: JsonObject): void {
  for (const operation of ["post", "patch"] as const) {
    const runs = memberOf(body, operation);
    if (isArray(runs)) for (const run of runs) batch.add(operation, run);
  }
}

function addParts(batch: RunBatch, body: Buffer, contentType: string): void {
  for (const part of partsIn(body, boundaryOf(contentType))) {
    const [operation = "", id = "", ...field] = part.name.split(".");
    if (operation === "attachment") batch.addAttachment(id, field.join("."), part);
    else if (operation === "post" || operation === "patch" || operation === "feedback")
      batch.addPart(operation, id, field.join("."), part.body);
    else batch.reject(`a part is called post.<id>, patch.<id>, feedback.<id> or attachment.<id>, not "${part.name}"`);
  }
}

async function keep(
  request: ApiRequest,
  batch: RunBatch,
  { intake, journal, known, projects }: Way,
): Promise<ApiAnswer> {
  const project = projectOf(request.headers["x-telltale-project"]);
  const { body, accepted, rejected, reasons } = batch.finish((id) => projects.byId(id)?.name);
  if (accepted === 0 && rejected > 0) throw new Refusal(422, reasons.join("; "));
  await intake.keepTold({ format: "langsmith", project, body, accepted, rejected }, journal);
  const runs = [...body.post, ...body.patch];
  for (const run of runs) known.note(run);
  projects.note(runs.flatMap((run) => textIn(run, "session_name") ?? []));
  return { status: 202, body: rejected === 0 ? {} : { rejected, reasons } };
}

async function keepFeedback(request: ApiRequest, batch: RunBatch, way: Way): Promise<ApiAnswer> {
  const feedback: Json = objectIn(await request.body());
  batch.addFeedback(feedback);
  await keep(request, batch, way);
  return { status: 200, body: { ...feedback, id: textIn(feedback, "id") ?? crypto.randomUUID() } };
}
