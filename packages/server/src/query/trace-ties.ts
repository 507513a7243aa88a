import type { TraceTie } from "../api-types.ts";
import { overlaps } from "../engine/billing.ts";
import type { Reader, Row } from "../query.ts";
import { INTERVAL_COLUMNS, intervalOf } from "../store/span-interval.ts";
import { textOf } from "./row-value.ts";

/** Spans of which ids are read; a trace with more tells by its first. */
const MOST_SPANS = 5_000;
/** Spans elsewhere that are looked at: sixteen of each of the traces that are told. */
const MOST_FOUND = 1_600;
/** What belongs together is open at about the same time: clocks of two machines differ by less. */
const SLACK_NANOS = 300n * 1_000_000_000n;
/** On a busy server an hour has millions of spans; a page does without rather than wait. */
const MOST_SECONDS = 3;

/** What a span says of where it belongs. */
export interface SpanTies {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly responseId: string;
  readonly toolCallId: string;
  readonly links: string;
  readonly scopeName: string;
  readonly resource: string;
  readonly startTime: bigint;
  readonly endTime: bigint;
}

const COLUMNS = `trace_id, span_id, parent_span_id, response_id, tool_call_id, links, scope_name, resource,
  ${INTERVAL_COLUMNS}`;

function tiesIn(row: Row): SpanTies {
  return {
    traceId: textOf(row, "trace_id"),
    spanId: textOf(row, "span_id"),
    parentSpanId: textOf(row, "parent_span_id"),
    responseId: textOf(row, "response_id"),
    toolCallId: textOf(row, "tool_call_id"),
    links: textOf(row, "links"),
    scopeName: textOf(row, "scope_name"),
    resource: textOf(row, "resource"),
    ...intervalOf({ started: textOf(row, "started"), ended: textOf(row, "ended") }),
  };
}

/** The spans of these traces. */
export async function tiesOf(traceIds: readonly string[], project: string, reader: Reader): Promise<SpanTies[]> {
  const rows = await reader.rows(
    `SELECT ${COLUMNS} FROM telltale_data.span_rows
    WHERE trace_id IN {traceIds:Array(String)} AND project = {project:String}
      AND row NOT IN (SELECT row FROM telltale_data.superseded)
    ORDER BY row DESC LIMIT 1 BY trace_id, span_id LIMIT ${MOST_SPANS}`,
    { traceIds, project },
  );
  return rows.map(tiesIn);
}

/** SQL for spans of the same time, of other traces than `{traceIds}`. */
const NEAR = `project = {project:String} AND trace_id NOT IN {traceIds:Array(String)}
      AND hour >= toStartOfHour(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
      AND hour <= toStartOfHour(fromUnixTimestamp64Nano({to:Int64}, 'UTC'))
      AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
      AND row NOT IN (SELECT row FROM telltale_data.superseded)`;

function window(spans: readonly SpanTies[]): { readonly from: bigint; readonly to: bigint } {
  let [from, to] = [spans[0]?.startTime ?? 0n, spans[0]?.endTime ?? 0n];
  for (const { startTime, endTime } of spans) {
    if (startTime < from) from = startTime;
    if (endTime > to) to = endTime;
  }
  return { from: from > SLACK_NANOS ? from - SLACK_NANOS : 0n, to: to + SLACK_NANOS };
}

/** Traces of about the same time that spans of these name, or whose spans name these; with how they are tied. */
export async function tiedTraces(
  spans: readonly SpanTies[],
  project: string,
  reader: Reader,
): Promise<ReadonlyMap<string, ReadonlySet<TraceTie>>> {
  const own = new Map(spans.map((span) => [span.spanId, span]));
  const traceIds = [...new Set(spans.map(({ traceId }) => traceId))];
  const told = (values: readonly string[]): string[] => [...new Set(values.filter((value) => value !== ""))];
  const missing = told(spans.map(({ parentSpanId }) => parentSpanId)).filter((id) => !own.has(id));
  const linked = new Set(spans.flatMap(({ links }) => linkedTraces(links)));
  const parameters = {
    project,
    traceIds,
    ...window(spans),
    missing,
    linked: [...linked],
    own: [...own.keys()],
    answers: told(spans.map(({ responseId }) => responseId)),
    calls: told(spans.map(({ toolCallId }) => toolCallId)),
  };
  const rows = await reader.rows(
    `SELECT ${COLUMNS} FROM telltale_data.span_rows WHERE ${NEAR} AND (
      response_id IN {answers:Array(String)} OR tool_call_id IN {calls:Array(String)}
      OR span_id IN {missing:Array(String)} OR parent_span_id IN {own:Array(String)}
      OR trace_id IN {linked:Array(String)} OR (links != '' AND multiSearchAny(links, {traceIds:Array(String)})))
    LIMIT ${MOST_FOUND}`,
    parameters,
    { maxSeconds: MOST_SECONDS },
  );
  const found = new Map<string, Set<TraceTie>>();
  for (const other of rows.map(tiesIn)) {
    const ties = found.get(other.traceId) ?? new Set<TraceTie>();
    for (const tie of tiesBetween(other, { spans, own, missing: new Set(missing), linked, traceIds })) ties.add(tie);
    if (ties.size > 0) found.set(other.traceId, ties);
  }
  return found;
}

interface Group {
  readonly spans: readonly SpanTies[];
  readonly own: ReadonlyMap<string, SpanTies>;
  readonly missing: ReadonlySet<string>;
  readonly linked: ReadonlySet<string>;
  readonly traceIds: readonly string[];
}

function tiesBetween(other: SpanTies, { spans, own, missing, linked, traceIds }: Group): TraceTie[] {
  const ties: TraceTie[] = [];
  if (missing.has(other.spanId)) ties.push("parent");
  if (own.has(other.parentSpanId)) ties.push("child");
  if (linked.has(other.traceId) || traceIds.some((id) => other.links.includes(id))) ties.push("link");
  // Ids of answers and calls may be a test server's constants: only what was open at the same time can be one.
  const twins = spans.filter((span) => overlaps(span, other));
  const isTold = (id: string, key: "responseId" | "toolCallId"): boolean =>
    id !== "" && twins.some((span) => span[key] === id && (key === "toolCallId" || span.scopeName !== other.scopeName));
  if (isTold(other.responseId, "responseId")) ties.push("answer");
  if (isTold(other.toolCallId, "toolCallId")) ties.push("toolCall");
  return ties;
}

/** Trace ids in the stored JSON of a span's links. */
function linkedTraces(links: string): readonly string[] {
  return links === "" ? [] : [...links.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map(([, id]) => id ?? "");
}

/**
 * Roots of the same process and library whose times lie within one another: all that is left where a library makes a trace
 * of each step and none names another.
 */
export async function tracesWithin(root: SpanTies, project: string, reader: Reader): Promise<readonly string[]> {
  const rows = await reader.rows(
    `SELECT ${COLUMNS} FROM telltale_data.span_rows WHERE ${NEAR}
      AND parent_span_id = '' AND scope_name = {scope:String} AND resource = {resource:String}
    ORDER BY start_time LIMIT ${MOST_FOUND}`,
    { project, traceIds: [root.traceId], ...window([root]), scope: root.scopeName, resource: root.resource },
    { maxSeconds: MOST_SECONDS },
  );
  const roots = rows.map(tiesIn);
  const outermost =
    roots
      .filter((other) => contains(other, root))
      .toSorted(byLength)
      .at(-1) ?? root;
  return roots
    .filter((other) => other === outermost || contains(outermost, other) || contains(root, other))
    .map(({ traceId }) => traceId);
}

function contains(outer: SpanTies, inner: SpanTies): boolean {
  return outer.startTime <= inner.startTime && outer.endTime >= inner.endTime;
}

function byLength(one: SpanTies, other: SpanTies): number {
  return Number(one.endTime - one.startTime - (other.endTime - other.startTime));
}
