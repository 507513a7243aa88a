import { Buffer } from "node:buffer";
import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, memberOf, textIn } from "../dialect/json-of.ts";
import type { Journal } from "../journal/journal.ts";
import { MediaStore } from "../media/media-store.ts";
import { answerApi, type ApiAnswer, type ApiRequest, pathOf } from "../receive/answer-api.ts";
import { answerMedia, type MediaPlace } from "../receive/answer-media.ts";
import { type Intake, processIntake } from "../receive/intake.ts";
import { projectOf } from "../receive/project-header.ts";
import { readJson } from "../receive/read-json.ts";
import { Refusal } from "../receive/refusal.ts";
import { sentKey } from "../receive/sent-key.ts";
import type { HttpReceiver } from "../receiver.ts";

/** The paths of Langfuse's API that its SDKs send to. `otel/v1/traces` below it is OTLP and not here. */
const PATH = /^\/api\/public\/(ingestion|media(?:\/[\w%-]+(?:\/upload)?)?|scores|health|projects)$/;

const EVENT = /^(?:trace-create|score-create|sdk-log|[a-z]{1,20}-(?:create|update))$/;
/** Where the SDK's wrapper of OpenAI's client writes what it was made with, key and all. */
const CLIENT_PARAMETERS = "clientInitParams";
const SECRET_KEY = /sk-lf-[\w-]{4,200}/g;
const REMOVED = "[removed: secret key]";
/** A shorter one would be found in words that are no key. */
const MIN_SECRET = 8;

/** Langfuse's API as far as tracing needs it: with `LANGFUSE_BASEURL` alone its SDKs send here. */
export const langfuse: HttpReceiver = createLangfuse(processIntake);

/** Makes a receiver with bounds of its own. */
export function createLangfuse(intake: Intake): HttpReceiver {
  const places = new Map<string, MediaPlace>();
  const mediaIn = (dataDirectory: string): MediaPlace => {
    const place = places.get(dataDirectory) ?? { store: new MediaStore(dataDirectory), dataDirectory };
    places.set(dataDirectory, place);
    return place;
  };
  return {
    name: "langfuse",
    owns: (path) => PATH.test(path),
    handle: (request, response, journal, directory) =>
      answerApi(intake, request, response, {
        answer: (call) => answer(call, { intake, journal, media: mediaIn(directory) }),
        refusal: ({ message }) => ({ message, error: "telltale" }),
      }),
  };
}

/** Where a request's events and files go. */
interface Way {
  readonly intake: Intake;
  readonly journal: Journal;
  readonly media: MediaPlace;
}

async function answer(request: ApiRequest, { intake, journal, media }: Way): Promise<ApiAnswer> {
  const [, place = ""] = PATH.exec(pathOf(request.path)) ?? [];
  const isPost = request.method === "POST";
  if (place === "ingestion" && isPost) return ingest(request, intake, journal);
  if (place === "scores" && isPost) return keepScore(request, intake, journal);
  if (place.startsWith("media")) return answerMedia(request, place.slice("media".length), media);
  if (place === "health" && request.method === "GET")
    return { status: 200, body: { status: "OK", version: "telltale" } };
  if (place === "projects" && request.method === "GET")
    return { status: 200, body: { data: [{ id: "telltale", name: "telltale" }] } };
  const hint = "Telltale takes traces, and its own API under /api/v1 gives them";
  throw new Refusal(405, `${request.method} is not answered here: ${hint}`);
}

/** What one event came to. */
interface Outcome {
  readonly id: string;
  readonly status: number;
  readonly message?: string;
  readonly error?: string;
}

async function ingest(request: ApiRequest, intake: Intake, journal: Journal): Promise<ApiAnswer> {
  const sent = readJson(withoutSecrets(await request.body(), sentKey(request.headers)));
  const events = memberOf(sent, "batch");
  if (!isArray(events)) throw new Refusal(400, 'the body is an object with a list "batch" of events');
  const batch: Json[] = [];
  const successes: Outcome[] = [];
  const errors: Outcome[] = [];
  for (const event of events) {
    const id = textIn(event, "id") ?? "";
    const problem = eventProblem(event);
    if (problem === undefined) {
      batch.push(withoutClientKey(event));
      successes.push({ id, status: 201 });
    } else errors.push({ id, status: 400, message: problem, error: "the event is left out" });
  }
  await keepEvents(request, { batch, metadata: memberOf(sent, "metadata"), rejected: errors.length }, intake, journal);
  return { status: 207, body: { successes, errors } };
}

async function keepScore(request: ApiRequest, intake: Intake, journal: Journal): Promise<ApiAnswer> {
  const body = readJson(await request.body());
  const id = textIn(body, "id") ?? crypto.randomUUID();
  if (!isObject(body) || textIn(body, "name") === undefined)
    throw new Refusal(400, 'a score is an object with a "name"');
  const event = { id, type: "score-create", timestamp: new Date().toISOString(), body: { id, ...body } };
  await keepEvents(request, { batch: [event], metadata: undefined, rejected: 0 }, intake, journal);
  return { status: 200, body: { id } };
}

interface Events {
  readonly batch: readonly Json[];
  readonly metadata: Json | undefined;
  readonly rejected: number;
}

function keepEvents(
  request: ApiRequest,
  { batch, metadata, rejected }: Events,
  intake: Intake,
  journal: Journal,
): Promise<void> {
  const project = projectOf(request.headers["x-telltale-project"]);
  const body = { batch, ...(metadata === undefined ? {} : { metadata }) };
  return intake.keepTold({ format: "langfuse", project, body, accepted: batch.length, rejected }, journal);
}

function eventProblem(event: Json): string | undefined {
  const type = textIn(event, "type");
  const body = memberOf(event, "body");
  if (type === undefined || !EVENT.test(type)) return 'an event has a "type", as trace-create or span-update';
  if (!isObject(body)) return 'an event has a "body", an object';
  const isNamed = type === "sdk-log" || type === "score-create" || textIn(body, "id") !== undefined;
  return isNamed ? undefined : `the body of a ${type} has an "id"`;
}

/**
 * The body without Langfuse's secret keys: those that look like one, and the very one that the request is signed with,
 * wherever they stand. The SDK itself writes its own into what it sends.
 */
function withoutSecrets(body: Buffer, secret: string | undefined): Buffer {
  const text = body.toString("utf8");
  const isOwn = secret !== undefined && secret.length >= MIN_SECRET && text.includes(secret);
  if (!isOwn && !text.includes("sk-lf-")) return body;
  const cleaned = text.replaceAll(SECRET_KEY, REMOVED);
  return Buffer.from(isOwn ? cleaned.replaceAll(secret, REMOVED) : cleaned);
}

/** An event without the key that the wrapped client was made with, whatever it looks like. */
function withoutClientKey(event: Json): Json {
  const body = memberOf(event, "body");
  const parameters = memberOf(body, CLIENT_PARAMETERS);
  if (!isObject(event) || !isObject(body) || !isObject(parameters)) return event;
  if (memberOf(parameters, "secretKey") === undefined) return event;
  const cleaned: JsonObject = { ...parameters, secretKey: REMOVED };
  return { ...event, body: { ...body, [CLIENT_PARAMETERS]: cleaned } };
}
