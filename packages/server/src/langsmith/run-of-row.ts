import type { Json } from "@telltale/model";
import { divideHalfEven, formatNanos, isInputBucket, USAGE_BUCKETS } from "@telltale/model";
import type { SpanDetail } from "../api-types.ts";
import { isArray, isObject, type JsonObject, parseJson, textIn } from "../dialect/json-of.ts";
import type { Row } from "../query.ts";
import { knownNumberOf, numberOf, textOf } from "../query/row-value.ts";
import { SPAN_COLUMNS, spanFieldsOf } from "../query/span-detail.ts";
import { isoOf, uuidOfSpan, uuidOfTrace } from "./run-ids.ts";
import { RUN_TYPES } from "./run-selection.ts";
import { type RunTrees, type UsageOfRun, usageIn } from "./run-trees.ts";

/** What {@link runOf} reads of `span_rows`. */
export const RUN_COLUMNS: string = `${SPAN_COLUMNS}, toString(toUnixTimestamp64Nano(start_time)) AS start_nanos,
  if(isNull(end_time), '', toString(toUnixTimestamp64Nano(assumeNotNull(end_time)))) AS end_nanos,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_nanos,
  input_type, input, output_type, output`;

/** A run as version 1 of LangSmith's API tells it. */
export type RunJson = JsonObject & { readonly id: string; readonly start_time: string };

/** What a run is told with beside its own row. */
export interface RunPlace {
  readonly trees: RunTrees;
  /** Whether tokens and costs are those of the run with all below it. */
  readonly isWithBelow: boolean;
  /** The id of a project; null for the one without a name. */
  readonly projectId: (name: string) => string | null;
}

const METADATA = "langsmith.metadata.";
const EXTRA = "langsmith.extra.";
const RUNTIME = "langsmith.runtime.";
/** Content of calls, which `inputs` and `outputs` tell. */
const CONTENT = new Set(["gen_ai.prompt", "gen_ai.completion"]);

/** The run in a row of {@link RUN_COLUMNS}. What nobody told is null or absent, tokens too. */
export function runOf(row: Row, { trees, isWithBelow, projectId }: RunPlace): RunJson {
  const span = spanFieldsOf(row);
  const own = span.attributes;
  const told = (key: string): string | undefined => textIn(own, key);
  const { traceId, spanId } = span;
  const start = BigInt(textOf(row, "start_nanos"));
  const end = textOf(row, "end_nanos");
  const parents = trees.ancestors(traceId, spanId);
  const parent = span.parentSpanId === null ? null : uuidOfSpan(span.parentSpanId);
  const firstToken =
    span.timeToFirstTokenMs === null ? null : isoOf(start + BigInt(Math.round(span.timeToFirstTokenMs * 1000)) * 1000n);
  return {
    id: told("langsmith.span.id") ?? uuidOfSpan(spanId),
    name: span.name,
    run_type: told("langsmith.span.kind") ?? typeOf(span.kind),
    start_time: isoOf(start),
    end_time: end === "" ? null : isoOf(BigInt(end)),
    status: span.status === "error" ? "error" : end === "" ? "pending" : "success",
    error: errorOf(span),
    inputs: contentOf(row, "input", own["gen_ai.prompt"]) ?? {},
    outputs: contentOf(row, "output", own["gen_ai.completion"]),
    extra: extraOf(span),
    events: span.events.flatMap(({ name, time, attributes }) =>
      name === "exception" ? [] : [{ name, time: isoOf(BigInt(Math.round(time * 1000)) * 1000n), kwargs: attributes }],
    ),
    tags: [...span.tags],
    trace_id: told("langsmith.trace.id") ?? uuidOfTrace(traceId),
    parent_run_id: told("langsmith.span.parent_id") ?? parents.at(-1) ?? parent,
    parent_run_ids: parents,
    dotted_order: told("langsmith.span.dotted_order") ?? trees.order(traceId, spanId),
    session_id: projectId(span.project),
    app_path: `/trace/${traceId}?span=${spanId}`,
    thread_id: span.sessionId === "" ? null : span.sessionId,
    reference_example_id: told("langsmith.run.reference_example_id") ?? null,
    first_token_time: firstToken,
    ...usageOf(row, span, isWithBelow ? trees.below(traceId, spanId) : usageIn(row)),
  };
}

function typeOf(kind: string): string {
  for (const [type, kinds] of RUN_TYPES) if (kinds.includes(kind)) return type;
  return "chain";
}

function errorOf({
  status,
  events,
  errorMessage,
  errorType,
}: Pick<SpanDetail, "status" | "events" | "errorMessage" | "errorType">): string | null {
  if (status !== "error") return null;
  const exception = events.find(({ name }) => name === "exception")?.attributes;
  const stack = exception?.["exception.stacktrace"];
  return typeof stack === "string" ? stack : errorMessage || errorType || "error";
}

/** A side's content as the object that LangSmith's are; null where there is none, or it is hidden. */
function contentOf(row: Row, side: "input" | "output", told: Json | undefined): Json {
  const whole = typeof told === "string" ? parseJson(told) : told;
  if (isObject(whole)) return whole;
  const type = textOf(row, `${side}_type`);
  const text = textOf(row, side);
  if (type === "" || type === "masked") return null;
  const value = type === "text" ? text : (parseJson(text) ?? text);
  if (isObject(value)) return value;
  if (isArray(value) && (type === "messages" || type === "documents")) return { [type]: value };
  return { [side]: value };
}

/** Metadata, what the SDK told of itself, and the other members of a run's `extra`. */
function extraOf({ attributes, resource }: Pick<SpanDetail, "attributes" | "resource">): JsonObject {
  const extra: Record<string, Json> = Object.create(null);
  const metadata: Record<string, Json> = Object.create(null);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "langsmith.usage_metadata") metadata["usage_metadata"] = unpacked(value);
    else if (key.startsWith(METADATA)) metadata[key.slice(METADATA.length)] = unpacked(value);
    else if (key.startsWith(EXTRA)) extra[key.slice(EXTRA.length)] = unpacked(value);
    else if (!key.startsWith("langsmith.") && !CONTENT.has(key)) metadata[key] = value;
  }
  const runtime: Record<string, Json> = Object.create(null);
  for (const [key, value] of Object.entries(resource))
    if (key.startsWith(RUNTIME)) runtime[key.slice(RUNTIME.length)] = value;
  return { ...extra, runtime, metadata };
}

/** A member that was no plain value came as the JSON of it. */
function unpacked(value: Json): Json {
  if (typeof value !== "string") return value;
  const parsed = parseJson(value);
  return typeof parsed === "object" ? parsed : value;
}

/** Tokens and costs; the details are always the run's own. */
function usageOf(row: Row, { cost, usage }: Pick<SpanDetail, "cost" | "usage">, used: UsageOfRun): JsonObject {
  const { input, output, cost: sum } = used;
  const lines = cost?.nanos == null ? [] : cost.lines;
  const costOf = (isInput: boolean): string | null => {
    const wanted = lines.filter(({ bucket }) =>
      USAGE_BUCKETS.some((one) => one === bucket && isInputBucket(one) === isInput),
    );
    if (wanted.length === 0) return null;
    const millionths = wanted.reduce((total, line) => total + BigInt(line.tokens) * BigInt(line.nanosPerMillion), 0n);
    return formatNanos(divideHalfEven(millionths, 1_000_000n));
  };
  return {
    ...(input === undefined ? {} : { prompt_tokens: input }),
    ...(output === undefined ? {} : { completion_tokens: output }),
    ...(input === undefined && output === undefined ? {} : { total_tokens: (input ?? 0) + (output ?? 0) }),
    total_cost: sum === undefined ? null : formatNanos(sum),
    prompt_cost: costOf(true),
    completion_cost: costOf(false),
    prompt_token_details:
      usage.length === 0
        ? null
        : known(row, [
            ["cache_read", "cache_read_tokens"],
            ["cache_creation", "cache_write_tokens"],
          ]),
    completion_token_details: usage.length === 0 ? null : known(row, [["reasoning", "reasoning_tokens"]]),
  };
}

function known(row: Row, columns: readonly (readonly [name: string, column: string])[]): JsonObject {
  return Object.fromEntries(
    columns.flatMap(([name, column]) => (knownNumberOf(row, column) === null ? [] : [[name, numberOf(row, column)]])),
  );
}
