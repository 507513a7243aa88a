import type { Json } from "@telltale/model";
import { isArray, type JsonObject, memberOf, textIn } from "../dialect/json-of.ts";
import { spanIdOf, traceIdOf } from "../format/foreign-id.ts";
import { instantOf } from "../format/foreign-time.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { Refusal } from "../receive/refusal.ts";

/** Runs of one page; LangSmith's own bound. The SDKs go on with the cursor until they have as many as were asked for. */
const MOST = 100;
/** Ids in one question. */
const MOST_IDS = 1_000;
/** What LangSmith's filter language and full-text search would select by: leaving it out would answer another question. */
const NOT_UNDERSTOOD = [
  "filter",
  "query",
  "trace_filter",
  "tree_filter",
  "search_filter",
  "ai_search",
  "reference_example",
  "reference_examples",
  "reference_dataset_id",
  "min_feedback_modified_at",
  "max_feedback_modified_at",
] as const;

/** Kinds of span by LangSmith's types of run; every other is a chain. */
export const RUN_TYPES: ReadonlyMap<string, readonly string[]> = new Map([
  ["llm", ["llm"]],
  ["tool", ["tool", "mcp"]],
  ["retriever", ["retrieval", "rerank"]],
  ["embedding", ["embedding"]],
  ["prompt", ["prompt"]],
]);

/** Which runs, and how many of them. */
export interface RunSelection {
  /** SQL over `span_rows`. */
  readonly where: string;
  readonly parameters: StatementParameters;
  readonly limit: number;
  readonly direction: "ASC" | "DESC";
}

/** The names that questions of the two versions of the API give to the same thing. */
const SYNONYMS: readonly (readonly [theirs: string, ours: string])[] = [
  ["project_ids", "session"],
  ["session_id", "session"],
  ["ids", "id"],
  ["trace_id", "trace"],
  ["has_error", "error"],
  ["min_start_time", "start_time"],
  ["max_start_time", "end_time"],
  ["page_size", "limit"],
];

/**
 * What `POST /runs/query` asks for, in either version; `nameOf` gives the project of an id. Throws `Refusal`: 422 for
 * what is not understood, 404 for a project that is not there.
 */
export function runSelection(body: JsonObject, nameOf: (id: string) => string | undefined): RunSelection {
  for (const field of NOT_UNDERSTOOD)
    if (isTold(memberOf(body, field)))
      throw new Refusal(
        422,
        `"${field}" is not understood here: select by project, trace, ids, parent, time, run_type`,
      );
  const asked = (name: string): Json | undefined => {
    const theirs = [name, ...SYNONYMS.flatMap(([from, to]) => (to === name ? [from] : []))];
    return theirs.map((one) => memberOf(body, one)).find(isTold);
  };
  const parameters = new StatementParameters();
  const bind = (value: string): string => parameters.bind("String", value);
  const isOneOf = (column: string, values: readonly string[]): string =>
    `${column} IN (${values.map(bind).join(", ")})`;
  const where = ["row NOT IN (SELECT row FROM telltale_data.superseded)"];
  const projects = textsOf(asked("session"), "session");
  if (projects.length > 0)
    where.push(
      isOneOf(
        "project",
        projects.map((id) => projectOf(id, nameOf)),
      ),
    );
  const ids = textsOf(asked("id"), "id");
  if (ids.length > 0) where.push(isOneOf("span_id", ids.map(spanIdOf)));
  const [trace] = textsOf(asked("trace"), "trace");
  if (trace !== undefined) where.push(isOneOf("trace_id", [traceIdOf(trace)]));
  const [parent] = textsOf(asked("parent_run"), "parent_run");
  if (parent !== undefined) where.push(isOneOf("parent_span_id", [spanIdOf(parent)]));
  const isRoot = memberOf(body, "execution_order") === 1 ? true : asked("is_root");
  if (typeof isRoot === "boolean") where.push(`(parent_span_id = '') = ${isRoot}`);
  const error = asked("error");
  if (typeof error === "boolean") where.push(`(status = 'error') = ${error}`);
  const type = asked("run_type");
  if (typeof type === "string") where.push(isOfType(type.toLowerCase(), isOneOf, bind));
  for (const [field, sign] of [
    ["start_time", ">="],
    ["end_time", "<="],
  ] as const)
    if (asked(field) !== undefined) where.push(`start_time ${sign} ${timeOf(asked(field), field, parameters)}`);
  const direction = textIn(body, "order") === "asc" ? "ASC" : "DESC";
  const cursor = textIn(body, "cursor");
  if (cursor !== undefined) where.push(afterCursor(cursor, direction, parameters));
  return { where: where.join(" AND "), parameters, limit: limitOf(asked("limit")), direction };
}

function isTold(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && !(isArray(value) && value.length === 0);
}

function textsOf(value: Json | undefined, field: string): readonly string[] {
  const list = value === undefined ? [] : isArray(value) ? value : [value];
  if (list.length > MOST_IDS) throw new Refusal(422, `"${field}" has ${MOST_IDS} ids at most`);
  return list.map((item) => {
    if (typeof item === "string" && item !== "" && item.length < 256) return item;
    throw new Refusal(422, `"${field}" is an id, or a list of them`);
  });
}

function projectOf(id: string, nameOf: (id: string) => string | undefined): string {
  const name = nameOf(id);
  if (name !== undefined) return name;
  throw new Refusal(404, `there is no project ${id}`);
}

/** A run that LangSmith's SDK sent says its type; of any other span its kind does. */
function isOfType(
  type: string,
  isOneOf: (column: string, values: readonly string[]) => string,
  bind: (value: string) => string,
): string {
  const kinds = RUN_TYPES.get(type);
  const others = [...RUN_TYPES.values()].flat();
  const byKind = kinds ? isOneOf("kind", kinds) : type === "chain" ? `NOT ${isOneOf("kind", others)}` : "0";
  return `if(${TOLD_TYPE} = '', ${byKind}, ${TOLD_TYPE} = ${bind(type)})`;
}

const TOLD_TYPE = "ifNull(toString(attributes.`langsmith.span.kind`), '')";

function timeOf(value: Json | undefined, field: string, parameters: StatementParameters): string {
  const instant = instantOf(value);
  if (instant === undefined) throw new Refusal(422, `"${field}" is an instant: 2026-11-24T00:13:40Z`);
  return `fromUnixTimestamp64Nano(${parameters.bind("Int64", instant)}, 'UTC')`;
}

function limitOf(value: Json | undefined): number {
  if (value === undefined) return MOST;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return Math.min(value, MOST);
  throw new Refusal(422, '"limit" is a whole number above 0');
}

/** Where the next page goes on: the last run's start in nanoseconds and its span id. */
export function cursorAfter(start: bigint, spanId: string): string {
  return `${start}-${spanId}`;
}

function afterCursor(cursor: string, direction: "ASC" | "DESC", parameters: StatementParameters): string {
  const [, start, spanId] = /^(\d{1,19})-([0-9a-f]{16})$/.exec(cursor) ?? [];
  if (start === undefined || spanId === undefined)
    throw new Refusal(422, '"cursor" is not one of this server: send that of the last answer');
  const sign = direction === "ASC" ? ">" : "<";
  const time = `fromUnixTimestamp64Nano(${parameters.bind("Int64", BigInt(start))}, 'UTC')`;
  // The first half alone lets the engine pass over what lies outside.
  return `start_time ${sign}= ${time} AND (start_time, span_id) ${sign} (${time}, ${parameters.bind("String", spanId)})`;
}
