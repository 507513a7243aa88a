import type { Buffer } from "node:buffer";
import type { Json } from "@telltale/model";
import { isObject, type JsonObject, textIn } from "../dialect/json-of.ts";
import { Rejections } from "../otlp/rejections.ts";
import type { KnownRuns } from "./known-runs.ts";
import type { Part } from "./multipart.ts";
import { readJson } from "./read-json.ts";
import { Refusal } from "./refusal.ts";

/** LangSmith's ids are UUIDs; anything longer than this is none. */
const MAX_ID_LENGTH = 200;
/** The large fields of a run, which come in parts of their own. */
const FIELDS = new Set(["inputs", "outputs", "events", "extra", "error", "serialized", "attachments"]);

/** What a request told of runs, as it is kept. */
export interface ToldRuns {
  readonly body: {
    readonly post: readonly JsonObject[];
    readonly patch: readonly JsonObject[];
    readonly feedback: readonly JsonObject[];
  };
  readonly accepted: number;
  readonly rejected: number;
  readonly reasons: readonly string[];
}

type Operation = "post" | "patch";

/** The runs of one request in the making, from wherever their parts stand in it. One that is broken costs no other. */
export class RunBatch {
  readonly #known: KnownRuns;
  readonly #runs = { post: new Map<string, Map<string, Json>>(), patch: new Map<string, Map<string, Json>>() };
  readonly #feedback: JsonObject[] = [];
  readonly #rejections = new Rejections();

  constructor(known: KnownRuns) {
    this.#known = known;
  }

  /** A whole run. */
  add(operation: Operation, run: Json): void {
    const id = textIn(run, "id");
    if (!isObject(run) || id === undefined) return this.reject('a run is an object with an "id"');
    const fields = this.#fieldsOf(operation, id);
    for (const [field, value] of Object.entries(run)) fields?.set(field, value);
  }

  /** A part of a multipart request: a run without its large fields (`field` is ""), one of these, or feedback. */
  addPart(operation: Operation | "feedback", id: string, field: string, body: Buffer): void {
    const value = this.#read(body, `${operation}.${id}${field && `.${field}`}`);
    if (value === undefined) return;
    if (operation === "feedback") this.addFeedback(value);
    else if (field === "") this.add(operation, isObject(value) ? { ...value, id } : value);
    else if (FIELDS.has(field)) this.#fieldsOf(operation, id)?.set(field, value);
    else this.reject(`a run has no part "${field.slice(0, MAX_ID_LENGTH)}"`);
  }

  /** A file that came with a run: what it was is kept, and that it was left out; not its bytes. */
  addAttachment(id: string, name: string, part: Part): void {
    const operation: Operation = this.#runs.patch.has(id) && !this.#runs.post.has(id) ? "patch" : "post";
    const fields = this.#fieldsOf(operation, id);
    const held = fields?.get("attachments");
    const told = { type: part.type, bytes: part.body.length, kept: false };
    fields?.set("attachments", { ...(isObject(held) ? held : {}), [name || "attachment"]: told });
  }

  /** A judgement of a run. */
  addFeedback(feedback: Json): void {
    if (!isObject(feedback) || textIn(feedback, "key") === undefined)
      return this.reject('feedback is an object with a "key"');
    const runId = textIn(feedback, "run_id");
    this.#feedback.push(runId === undefined ? feedback : { ...this.#placeOf(runId), ...feedback });
  }

  /** Counts something that cannot be kept. */
  reject(reason: string): void {
    this.#rejections.add(reason);
  }

  /** Everything that was told, without what cannot be kept. A run that names its project by an id gets its name. */
  finish(projectName: (id: string) => string | undefined): ToldRuns {
    const post = this.#finished("post").map((run) => named(run, projectName));
    const patch = this.#finished("patch").map((run) => named(run, projectName));
    const feedback = this.#feedback;
    return {
      body: { post, patch, feedback },
      accepted: post.length + patch.length + feedback.length,
      rejected: this.#rejections.count,
      reasons: this.#rejections.reasons,
    };
  }

  #finished(operation: Operation): JsonObject[] {
    const runs: JsonObject[] = [];
    for (const [id, fields] of this.#runs[operation]) {
      const run: Record<string, Json> = Object.create(null);
      if (operation === "patch") Object.assign(run, this.#placeIn(id));
      for (const [field, value] of fields) run[field] = value;
      run["id"] = id;
      runs.push(this.#known.completed(run, id));
    }
    return runs;
  }

  /** Trace and project of a run that is created in the same request. */
  #placeIn(id: string): JsonObject {
    const created = this.#runs.post.get(id);
    const place: Record<string, Json> = Object.create(null);
    for (const field of ["trace_id", "session_name"]) {
      const value = created?.get(field);
      if (value !== undefined) place[field] = value;
    }
    return place;
  }

  #placeOf(runId: string): JsonObject {
    const { trace_id, session_name } = this.#known.completed({ id: runId, ...this.#placeIn(runId) }, runId);
    return { ...(trace_id ? { trace_id } : {}), ...(session_name ? { session_name } : {}) };
  }

  #fieldsOf(operation: Operation, id: string): Map<string, Json> | undefined {
    if (id === "" || id.length > MAX_ID_LENGTH) {
      this.reject(`the id of a run has 1 to ${MAX_ID_LENGTH} characters`);
      return undefined;
    }
    const runs = this.#runs[operation];
    const fields = runs.get(id) ?? new Map<string, Json>();
    runs.set(id, fields);
    return fields;
  }

  #read(body: Buffer, name: string): Json | undefined {
    try {
      return readJson(body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.reject(`part ${name.slice(0, MAX_ID_LENGTH)}: ${error.message}`);
      return undefined;
    }
  }
}

function named(run: JsonObject, projectName: (id: string) => string | undefined): JsonObject {
  const id = textIn(run, "session_id");
  const name = id === undefined || textIn(run, "session_name") !== undefined ? undefined : projectName(id);
  return name === undefined ? run : { ...run, session_name: name };
}
