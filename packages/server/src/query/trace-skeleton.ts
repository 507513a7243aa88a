import { setImmediate } from "node:timers/promises";
import type { JoinedTraces, TraceSkeleton, TraceSummary } from "../api-types.ts";
import { columnValues, jsonColumns } from "./json-columns.ts";
import { joinedParents } from "./joined-parents.ts";
import { IS_LOWER_BOUND } from "./lower-bound.ts";
import { parentIndexes } from "./parent-indexes.ts";
import type { SpanPair } from "./span-pairs.ts";
import { StringTable } from "./string-table.ts";

type Column = keyof TraceSkeleton;

/**
 * What a skeleton is made of, in the order of the SELECT. `copied` columns are JSON as the API has
 * it and go out as the bytes that came in; `texts` become numbers of the table of strings.
 */
const COLUMNS: readonly {
  readonly name: Column | "parentSpanId";
  readonly sql: string;
  readonly kind: "copied" | "texts" | "previews";
}[] = [
  { name: "spanId", sql: "span_id", kind: "copied" },
  { name: "parentSpanId", sql: "parent_span_id", kind: "copied" },
  { name: "name", sql: "name", kind: "texts" },
  { name: "kind", sql: "kind", kind: "texts" },
  { name: "serviceName", sql: "service_name", kind: "texts" },
  { name: "start", sql: "(toUnixTimestamp64Nano(start_time) - {origin:Int64}) / 1e6", kind: "copied" },
  {
    name: "duration",
    sql: "if(isNull(end_time), NULL, greatest(toUnixTimestamp64Nano(assumeNotNull(end_time)) - toUnixTimestamp64Nano(start_time), 0) / 1e6)",
    kind: "copied",
  },
  { name: "status", sql: "status", kind: "texts" },
  { name: "model", sql: "if(response_model = '', request_model, response_model)", kind: "texts" },
  { name: "agentName", sql: "agent_name", kind: "texts" },
  { name: "toolName", sql: "tool_name", kind: "texts" },
  // A number of tokens is exact in a double, and then never written as text.
  { name: "inputTokens", sql: "toFloat64(input_tokens)", kind: "copied" },
  { name: "outputTokens", sql: "toFloat64(output_tokens)", kind: "copied" },
  { name: "costNanos", sql: "toString(cost_nanos)", kind: "copied" },
  { name: "isLowerBound", sql: `toUInt8(${IS_LOWER_BOUND})`, kind: "copied" },
  { name: "billing", sql: "billing", kind: "texts" },
  { name: "inputPreview", sql: "input_preview", kind: "previews" },
  { name: "outputPreview", sql: "output_preview", kind: "previews" },
];

/** What a skeleton is asked of. */
export interface SkeletonScope {
  /** Of several traces; needs the parameter `traceIds:Array(String)`, in the order of the answer's. */
  readonly isJoined: boolean;
  /** Whether any billed call's cost is not wholly known: else the texts of the costs are not read. */
  readonly hasUnpriced: boolean;
}

/** SELECT list whose answer {@link writeSkeleton} reads; needs the parameter `origin:Int64` (nanoseconds). */
export function skeletonColumns({ isJoined, hasUnpriced }: SkeletonScope): string {
  const columns = COLUMNS.map(
    ({ sql, name }) => `${name === "isLowerBound" && !hasUnpriced ? "0" : sql} AS out_${name}`,
  );
  if (isJoined) columns.push("toUInt16(indexOf({traceIds:Array(String)}, trace_id) - 1) AS out_trace");
  return columns.join(", ");
}

const COLUMN_INDEX: ReadonlyMap<string, number> = new Map(
  [...COLUMNS.map(({ name }) => name), "trace"].map((name, index) => [name, index]),
);

/** What a skeleton of several traces is made from, beside its columns. */
export type SkeletonJoin = Omit<JoinedTraces, "trace" | "hung"> & { readonly pairs: readonly SpanPair[] };

/** An answer in `JSONCompactColumns`, and what it is an answer about. */
export interface SkeletonAnswer {
  readonly answer: Uint8Array;
  readonly summary: TraceSummary;
  /** Milliseconds since 1970. */
  readonly origin: number;
  /** Where the answer is of several traces. */
  readonly join?: SkeletonJoin | undefined;
}

/**
 * The JSON of a skeleton. No object per span is made, most columns are not even parsed, and other work gets its turn
 * between columns.
 */
export async function writeSkeleton(asked: SkeletonAnswer): Promise<{ pieces: Uint8Array[]; spans: number }> {
  const { summary, origin, join } = asked;
  const columns = jsonColumns(asked.answer, COLUMN_INDEX.size);
  const column = (name: string): Uint8Array => columns[COLUMN_INDEX.get(name) ?? -1] ?? new Uint8Array();
  const pieces: Uint8Array[] = [Buffer.from(`{"summary":${JSON.stringify(summary)},"origin":${origin}`)];
  const add = (name: string, json: Uint8Array | string): void => {
    pieces.push(Buffer.from(`,"${name}":`), typeof json === "string" ? Buffer.from(json) : json);
  };
  const spanIds = columnValues(column("spanId")).map(String);
  await setImmediate();
  const { parents, joined } = await placeSpans(spanIds, column, join);
  await setImmediate();
  add("parent", `[${parents.join(",")}]`);
  add("joined", joined);
  const strings = new StringTable();
  const previews: Uint8Array[] = [];
  for (const { name, kind } of COLUMNS) {
    if (name === "parentSpanId") continue;
    if (kind === "copied") add(name, column(name));
    else if (kind === "previews") previews.push(column(name));
    else {
      await setImmediate();
      add(name, `[${strings.numbersOf(columnValues(column(name))).join(",")}]`);
    }
  }
  await setImmediate();
  // Previews seldom repeat: they go behind the other strings as they came, and are numbered through.
  add("inputPreview", numbersFrom(strings.texts.length, spanIds.length));
  add("outputPreview", numbersFrom(strings.texts.length + spanIds.length, spanIds.length));
  pieces.push(Buffer.from(',"strings":['), ...joinedInsides([Buffer.from(JSON.stringify(strings.texts)), ...previews]));
  const told = join ? join.together.spanCount : summary.spanCount;
  pieces.push(Buffer.from(`],"total":${Math.max(told, spanIds.length)}}`));
  return { pieces, spans: spanIds.length };
}

/** Where each span hangs, and the JSON of the skeleton's `joined`. */
async function placeSpans(
  spanIds: readonly string[],
  column: (name: string) => Uint8Array,
  join: SkeletonJoin | undefined,
): Promise<{ parents: Int32Array; joined: string }> {
  const parentIds = columnValues(column("parentSpanId")).map(String);
  await setImmediate();
  if (!join) return { parents: parentIndexes(spanIds, parentIds), joined: "null" };
  const { pairs, ...told } = join;
  const numbers = (name: string): number[] => columnValues(column(name)) as number[];
  const traces = numbers("trace");
  const { parents, hung } = joinedParents(
    {
      traceIds: told.traces.map(({ traceId }) => traceId),
      traces,
      spanIds,
      parentIds,
      starts: numbers("start"),
      durations: columnValues(column("duration")) as (number | null)[],
    },
    pairs,
  );
  return { parents, joined: JSON.stringify({ ...told, trace: traces, hung } satisfies JoinedTraces) };
}

function numbersFrom(first: number, count: number): string {
  return `[${Array.from({ length: count }, (_, index) => first + index).join(",")}]`;
}

/** The elements of JSON arrays one after another, without the brackets. */
function joinedInsides(arrays: readonly Uint8Array[]): Uint8Array[] {
  const comma = Buffer.from(",");
  const insides = arrays.map((array) => array.subarray(1, -1)).filter((inside) => inside.length > 0);
  return insides.flatMap((inside, index) => (index === 0 ? [inside] : [comma, inside]));
}
