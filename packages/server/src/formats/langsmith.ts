import type { Json } from "@telltale/model";
import { isArray, isObject, type JsonObject, memberOf, objectIn, textIn } from "../dialect/json-of.ts";
import { spanIdOf, traceIdOf } from "../format/foreign-id.ts";
import { instantOf } from "../format/foreign-time.ts";
import { ToldAttributes } from "../format/told-attributes.ts";
import { toldScore, toldSpan } from "../format/told-span.ts";
import type { Format, FormatRecord } from "../format.ts";
import type { EventRecord, ScopeRecord } from "../otlp/record.ts";

/**
 * LangSmith's runs, as `POST /runs/batch` takes them (conventions §5): `{post: [run], patch: [run], feedback: [score]}`.
 * A run becomes a span with the attributes that LangSmith's own OpenTelemetry mode would have given it.
 */
export const langsmith: Format = { name: "langsmith", read };

/** Fields of a run that have a place of their own; any other is kept as an attribute. */
const PLACED = new Set([
  "id",
  "name",
  "run_type",
  "start_time",
  "end_time",
  "parent_run_id",
  "trace_id",
  "dotted_order",
  "tags",
  "error",
  "inputs",
  "outputs",
  "extra",
  "events",
  "serialized",
  "session_name",
  "attachments",
  "child_runs",
]);
const EXTRA_PLACED = new Set(["metadata", "runtime"]);
const METADATA_PLACED = new Set(["usage_metadata"]);

function* read(body: JsonObject, receivedAt: bigint): Generator<FormatRecord, void, void> {
  for (const run of runsOf(body)) {
    const id = textIn(run, "id");
    if (id !== undefined) yield { span: spanOf(run, id, receivedAt) };
  }
  for (const feedback of listIn(body, "feedback")) if (isObject(feedback)) yield scoreOf(feedback, receivedAt);
}

/** The runs of a request, each once: what was created and patched together is one telling. */
function runsOf(body: JsonObject): Iterable<JsonObject> {
  const runs = new Map<string, JsonObject>();
  for (const part of ["post", "patch"])
    for (const run of listIn(body, part)) {
      const id = textIn(run, "id");
      if (id === undefined || !isObject(run)) continue;
      const before = runs.get(id);
      runs.set(id, before === undefined ? run : patched(before, run));
    }
  return runs.values();
}

/** A run with what a patch tells; `extra` is patched member by member. */
function patched(run: JsonObject, patch: JsonObject): JsonObject {
  const told = Object.entries(patch).filter(([, value]) => value !== null && !isEmptyList(value));
  const merged = new Map<string, Json>([...Object.entries(run), ...told]);
  const extra = objectIn(run, "extra");
  const patchExtra = objectIn(patch, "extra");
  if (extra && patchExtra) {
    const members = new Map<string, Json>([...Object.entries(extra), ...Object.entries(patchExtra)]);
    const metadata = [objectIn(extra, "metadata"), objectIn(patchExtra, "metadata")];
    members.set("metadata", objectOf(metadata.flatMap((one) => Object.entries(one ?? {}))));
    merged.set("extra", objectOf(members));
  }
  return objectOf(merged);
}

function isEmptyList(value: Json): boolean {
  return isArray(value) && value.length === 0;
}

/** An object of somebody's keys: one without a prototype, which none of them can touch. */
function objectOf(members: Iterable<readonly [string, Json]>): JsonObject {
  const object: Record<string, Json> = Object.create(null);
  for (const [key, value] of members) object[key] = value;
  return object;
}

function listIn(body: Json, key: string): readonly Json[] {
  const list = memberOf(body, key);
  return isArray(list) ? list : [];
}

/** Segments of a run's `dotted_order`: time and id of each run from the root down to itself. */
function orderOf(run: JsonObject): readonly { readonly start: bigint | undefined; readonly id: string }[] {
  const order = textIn(run, "dotted_order") ?? "";
  return order.split(".").flatMap((segment) => {
    const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{0,9})Z(.+)$/.exec(segment);
    if (!found) return [];
    const [, year, month, day, hour, minute, second, fraction, id = ""] = found;
    const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction || "0"}Z`;
    return [{ start: instantOf(iso), id }];
  });
}

function spanOf(run: JsonObject, id: string, receivedAt: bigint): ReturnType<typeof toldSpan> {
  const order = orderOf(run);
  const extra = objectIn(run, "extra");
  const endTime = instantOf(memberOf(run, "end_time"));
  const startTime = instantOf(memberOf(run, "start_time")) ?? order.at(-1)?.start ?? endTime ?? receivedAt;
  const parent = textIn(run, "parent_run_id") ?? order.at(-2)?.id;
  const error = memberOf(run, "error");
  const events = eventsOf(listIn(run, "events"));
  return toldSpan({
    traceId: traceIdOf(textIn(run, "trace_id") ?? order[0]?.id ?? parent ?? id),
    spanId: spanIdOf(id),
    parentSpanId: parent === undefined || parent === id ? undefined : spanIdOf(parent),
    name: textIn(run, "name"),
    startTime,
    endTime: endTime !== undefined && endTime < startTime ? startTime : endTime,
    error: typeof error === "string" && error !== "" ? error : undefined,
    attributes: attributesOf(run, extra, events.firstToken),
    events: events.list,
    ...originOf(run, extra),
  });
}

function attributesOf(run: JsonObject, extra: JsonObject | undefined, firstToken: Json | undefined): ToldAttributes {
  const metadata = objectIn(extra, "metadata");
  const attributes = new ToldAttributes()
    .text("langsmith.span.kind", memberOf(run, "run_type"))
    .text("langsmith.span.id", memberOf(run, "id"))
    .text("langsmith.span.parent_id", memberOf(run, "parent_run_id"))
    .text("langsmith.trace.id", memberOf(run, "trace_id"))
    .text("langsmith.span.dotted_order", memberOf(run, "dotted_order"))
    .texts("langsmith.span.tags", memberOf(run, "tags"))
    .text("langsmith.first_token_time", firstToken)
    .value("langsmith.usage_metadata", memberOf(metadata, "usage_metadata"))
    .filled("gen_ai.prompt", memberOf(run, "inputs"))
    .filled("gen_ai.completion", memberOf(run, "outputs"))
    .filled("langsmith.serialized", memberOf(run, "serialized"))
    .filled("langsmith.attachments", memberOf(run, "attachments"))
    .each("langsmith.metadata.", metadata, METADATA_PLACED)
    .each("langsmith.extra.", extra, EXTRA_PLACED)
    .each("langsmith.run.", run, PLACED);
  const outputs = objectIn(run, "outputs");
  if (memberOf(run, "run_type") !== "llm" || outputs === undefined) return attributes;
  return attributes
    .text("gen_ai.response.id", memberOf(outputs, "id"))
    .text("gen_ai.response.model", memberOf(outputs, "model"))
    .text("gen_ai.response.service_tier", memberOf(outputs, "service_tier"));
}

/** Who tells: SDK and project. A patch need not tell it. */
function originOf(
  run: JsonObject,
  extra: JsonObject | undefined,
): { readonly resource: ToldAttributes; readonly scope: ScopeRecord } {
  const runtime = objectIn(extra, "runtime");
  const resource = new ToldAttributes()
    .text("langsmith.trace.session_name", memberOf(run, "session_name"))
    .text("telemetry.sdk.name", memberOf(runtime, "sdk"))
    .text("telemetry.sdk.version", memberOf(runtime, "sdk_version"))
    .each("langsmith.runtime.", runtime);
  return {
    resource,
    scope: { name: "langsmith", version: textIn(runtime, "sdk_version") ?? "", attributes: new Map() },
  };
}

/** A run's events without its tokens: those are in the answer, and only the time of the first says more. */
function eventsOf(list: readonly Json[]): { readonly list: readonly EventRecord[]; readonly firstToken?: string } {
  const events: EventRecord[] = [];
  let firstToken: string | undefined;
  for (const event of list) {
    const name = textIn(event, "name") ?? "";
    if (name === "new_token") {
      firstToken ??= textIn(event, "time");
      continue;
    }
    const attributes = new ToldAttributes().each("", memberOf(event, "kwargs"));
    events.push({ name, time: instantOf(memberOf(event, "time")) ?? 0n, attributes });
  }
  return { list: events, ...(firstToken === undefined ? {} : { firstToken }) };
}

/** A run's id is kept beside its span's: it has twice the digits. */
const FEEDBACK_PLACED = new Set(["key", "score", "value", "comment", "trace_id"]);

function scoreOf(feedback: JsonObject, receivedAt: bigint): FormatRecord {
  const runId = textIn(feedback, "run_id");
  const traceId = textIn(feedback, "trace_id") ?? runId;
  const score = memberOf(feedback, "score");
  const attributes = new ToldAttributes()
    .text("gen_ai.evaluation.name", memberOf(feedback, "key"))
    .value("gen_ai.evaluation.score.value", typeof score === "boolean" ? Number(score) : score)
    .value("gen_ai.evaluation.score.label", memberOf(feedback, "value"))
    .text("gen_ai.evaluation.explanation", memberOf(feedback, "comment"))
    .each("langsmith.feedback.", feedback, FEEDBACK_PLACED);
  return {
    log: toldScore({
      traceId: traceId === undefined ? undefined : traceIdOf(traceId),
      spanId: runId === undefined ? undefined : spanIdOf(runId),
      time: instantOf(memberOf(feedback, "created_at")) ?? receivedAt,
      attributes,
      resource: new ToldAttributes().text("langsmith.trace.session_name", memberOf(feedback, "session_name")),
      scope: { name: "langsmith", version: "", attributes: new Map() },
    }),
  };
}
