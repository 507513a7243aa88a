import type { TraceTie } from "../api-types.ts";
import { overlaps } from "../engine/billing.ts";
import type { Reader, Row } from "../query.ts";
import { INTERVAL_COLUMNS, intervalOf } from "../store/span-interval.ts";
import { textOf } from "./row-value.ts";

/** Spans of which ids are read; a trace with more tells by its first. */
export const MOST_SPANS = 5_000;
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

/** The span that a link names. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
}

/** The ids by which a span of another trace may be tied to it, but for its parent's. */
const TELLS = "(links != '' OR response_id != '' OR tool_call_id != '')";

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

/** The spans of these traces, {@link MOST_SPANS} at most. */
export function tiesOf(traceIds: readonly string[], project: string, reader: Reader): Promise<SpanTies[]> {
  return read("1", { traceIds, project }, reader);
}

/** Those of them that have a link, an answer's id or a call's. */
export function tellersOf(traceIds: readonly string[], project: string, reader: Reader): Promise<SpanTies[]> {
  return read(TELLS, { traceIds, project }, reader);
}

async function read(
  condition: string,
  parameters: { readonly traceIds: readonly string[]; readonly project: string },
  reader: Reader,
): Promise<SpanTies[]> {
  const rows = await reader.rows(
    `SELECT ${COLUMNS} FROM telltale_data.span_rows
    WHERE trace_id IN {traceIds:Array(String)} AND project = {project:String} AND ${condition}
      AND row NOT IN (SELECT row FROM telltale_data.superseded)
    ORDER BY row DESC LIMIT 1 BY trace_id, span_id LIMIT ${MOST_SPANS}`,
    parameters,
  );
  return rows.map(tiesIn);
}

/** SQL for spans of the same hours that do not begin later, of other traces than `{traceIds}`. */
const NEAR = `project = {project:String} AND trace_id NOT IN {traceIds:Array(String)}
      AND hour >= toStartOfHour(fromUnixTimestamp64Nano({from:Int64}, 'UTC'))
      AND hour <= toStartOfHour(fromUnixTimestamp64Nano({to:Int64}, 'UTC'))
      AND start_time <= fromUnixTimestamp64Nano({to:Int64}, 'UTC')
      AND row NOT IN (SELECT row FROM telltale_data.superseded)`;

/** What may have begun long before is found by its own id, the rest begins at about the same time. */
const BEGINS_NEAR = "start_time >= fromUnixTimestamp64Nano({from:Int64}, 'UTC')";

/** Looking for an id reads that column of all spans of the time: only those are looked for that are told. */
const SEARCHES: readonly { readonly list: "missing" | "linked" | "own" | "answers" | "calls"; readonly sql: string }[] =
  [
    { list: "missing", sql: "span_id IN {missing:Array(String)}" },
    { list: "linked", sql: "trace_id IN {linked:Array(String)}" },
    { list: "own", sql: `${BEGINS_NEAR} AND parent_span_id IN {own:Array(String)}` },
    { list: "own", sql: `${BEGINS_NEAR} AND links != '' AND multiSearchAny(links, {traceIds:Array(String)})` },
    { list: "answers", sql: `${BEGINS_NEAR} AND response_id IN {answers:Array(String)}` },
    { list: "calls", sql: `${BEGINS_NEAR} AND tool_call_id IN {calls:Array(String)}` },
  ];

function window(spans: readonly SpanTies[]): { readonly from: bigint; readonly to: bigint } {
  let [from, to] = [spans[0]?.startTime ?? 0n, spans[0]?.endTime ?? 0n];
  for (const { startTime, endTime } of spans) {
    if (startTime < from) from = startTime;
    if (endTime > to) to = endTime;
  }
  return { from: from > SLACK_NANOS ? from - SLACK_NANOS : 0n, to: to + SLACK_NANOS };
}

/** Traces of about the same time that belong with some, and how. */
export interface FoundTies {
  readonly ties: ReadonlyMap<string, ReadonlySet<TraceTie>>;
  /** Whether a bound of the search was met: there may be others. */
  readonly more: boolean;
}

/** Traces of about the same time that spans of these name, or whose spans name these; with how they are tied. */
export async function tiedTraces(spans: readonly SpanTies[], project: string, reader: Reader): Promise<FoundTies> {
  const own = new Map(spans.map((span) => [span.spanId, span]));
  const traceIds = [...new Set(spans.map(({ traceId }) => traceId))];
  const told = (values: readonly string[]): string[] => [...new Set(values.filter((value) => value !== ""))];
  const missing = told(spans.map(({ parentSpanId }) => parentSpanId)).filter((id) => !own.has(id));
  const linked = new Set(spans.flatMap(({ links }) => linksIn(links)).map(({ traceId }) => traceId));
  const ids = {
    missing,
    linked: [...linked].filter((id) => !traceIds.includes(id)),
    own: [...own.keys()],
    answers: told(spans.map(({ responseId }) => responseId)),
    calls: told(spans.map(({ toolCallId }) => toolCallId)),
  };
  const searches = SEARCHES.filter(({ list }) => ids[list].length > 0).map(({ sql }) => `(${sql})`);
  if (searches.length === 0) return { ties: new Map(), more: false };
  const rows = await reader.rows(
    `SELECT ${COLUMNS} FROM telltale_data.span_rows WHERE ${NEAR} AND (${searches.join(" OR ")}) LIMIT ${MOST_FOUND}`,
    { project, traceIds, ...window(spans), ...ids },
    { maxSeconds: MOST_SECONDS },
  );
  const found = new Map<string, Set<TraceTie>>();
  for (const other of rows.map(tiesIn)) {
    const ties = found.get(other.traceId) ?? new Set<TraceTie>();
    for (const tie of tiesBetween(other, { spans, own, missing: new Set(missing), linked, traceIds })) ties.add(tie);
    if (ties.size > 0) found.set(other.traceId, ties);
  }
  await dropNamesakes(found, ids.own, project, reader);
  return { ties: found, more: rows.length === MOST_FOUND || spans.length >= MOST_SPANS };
}

/** A program may number its spans in each trace anew: who has the parent in its own trace is no child of a namesake. */
async function dropNamesakes(
  found: Map<string, Set<TraceTie>>,
  own: readonly string[],
  project: string,
  reader: Reader,
): Promise<void> {
  const traceIds = [...found].filter(([, ties]) => ties.has("child")).map(([id]) => id);
  if (traceIds.length === 0) return;
  const those = "telltale_data.span_rows WHERE project = {project:String} AND trace_id IN {traceIds:Array(String)}";
  const rows = await reader.rows(
    `SELECT DISTINCT trace_id FROM ${those} AND parent_span_id IN {own:Array(String)}
      AND (trace_id, parent_span_id) NOT IN (SELECT trace_id, span_id FROM ${those} AND span_id IN {own:Array(String)})
      AND row NOT IN (SELECT row FROM telltale_data.superseded)`,
    { project, traceIds, own },
    { maxSeconds: MOST_SECONDS },
  );
  const children = new Set(rows.map((row) => textOf(row, "trace_id")));
  for (const id of traceIds) {
    const ties = found.get(id);
    if (!children.has(id)) ties?.delete("child");
    if (ties?.size === 0) found.delete(id);
  }
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

/** What a span's links name; they are stored as JSON. */
export function linksIn(links: string): readonly SpanLink[] {
  return links === "" ? [] : (JSON.parse(links) as readonly SpanLink[]);
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
