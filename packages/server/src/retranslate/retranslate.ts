import { setImmediate as turn } from "node:timers/promises";
import type { Retranslation } from "../api-types.ts";
import { dialects } from "../dialects/index.ts";
import { storedRowsIn, storedRowsSql } from "../engine/read-stored-rows.ts";
import { writeRetellings } from "../engine/retelling.ts";
import { RETOLD_FIELDS, retoldRow } from "../engine/retold-row.ts";
import type { SpanRow } from "../engine/span-row.ts";
import { type RewriteParts, storeEntry } from "../front/store-entry.ts";
import { pipeline } from "../pipeline.ts";
import type { Reader } from "../query.ts";
import { numberOf, textOf } from "../query/row-value.ts";
import { behindPlace, PLACE_ORDER, writePlace } from "../query/span-place.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { hourOfMilliseconds } from "../query/trace-selection.ts";
import { Differences } from "./differences.ts";

/** Spans read in one go, with their content. */
const PAGE = 250;
/** Bytes of their content, which the engine reads and writes whole as well. */
const PAGE_BYTES = 16 * 1024 * 1024;
/** An answer is given after this long, and says where to go on: nobody waits in the dark. */
const BUDGET_MS = 4000;
/** Translating holds up nobody for longer than some milliseconds. */
const AT_ONCE = 20;
/** Which spans, and whether it is meant. */
export interface RetranslateRequest {
  /** Milliseconds since 1970, to the hour. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly project?: string | undefined;
  /** A dialect's name, or its name and version: `openinference/1`. */
  readonly dialect?: string | undefined;
  /** Also spans that the present versions read. */
  readonly all: boolean;
  readonly apply: boolean;
  readonly cursor?: string | undefined;
}

const steps = pipeline();

/**
 * Translates stored spans again and says what differs; with `apply` the engine does the same to their rows. Which
 * spans goes through the journal, so that it is done once, whatever dies, and in order with live telemetry.
 */
export async function retranslate(request: RetranslateRequest, parts: RewriteParts): Promise<Retranslation> {
  const deadline = performance.now() + BUDGET_MS;
  const differences = new Differences([...RETOLD_FIELDS, "kind", "status", "usage", "input", "output"]);
  const versions = await staleVersions(request, parts.reader);
  let cursor = request.cursor;
  do {
    if (versions.length === 0) cursor = undefined;
    else {
      const { rows, isLast } = await readPage(request, versions, cursor, parts.reader);
      await compare(rows, differences);
      if (request.apply) await send(rows, parts);
      const last = isLast ? undefined : rows.at(-1);
      cursor = last && cursorOf(last);
    }
  } while (cursor !== undefined && performance.now() < deadline);
  return { applied: request.apply, ...differences.answer(), nextCursor: cursor ?? null };
}

/** Values of the column `dialect` whose spans are to be read again. */
async function staleVersions({ dialect: wanted, all }: RetranslateRequest, reader: Reader): Promise<readonly string[]> {
  const current = new Map(dialects.map(({ name, version }) => [name, version]));
  const rows = await reader.rows("SELECT DISTINCT dialect FROM telltale_data.span_rows", {}, { maxSeconds: 60 });
  return rows
    .map((row) => textOf(row, "dialect"))
    .filter((told) => {
      const [name = "", version = ""] = told.split("/", 2);
      if (wanted !== undefined && wanted !== told && wanted !== name) return false;
      const present = current.get(name);
      return all || (present !== undefined && Number(version) < present);
    });
}

/** The next spans in the order in which they lie, and whether there are no more. */
interface Page {
  readonly rows: readonly SpanRow[];
  readonly isLast: boolean;
}

async function readPage(
  { from, to, project }: RetranslateRequest,
  versions: readonly string[],
  cursor: string | undefined,
  reader: Reader,
): Promise<Page> {
  const parameters = new StatementParameters();
  const hour = (value: number): string => `toDateTime(${parameters.bind("UInt32", hourOfMilliseconds(value))}, 'UTC')`;
  const where = [
    `dialect IN (${versions.map((version) => parameters.bind("String", version)).join(", ")})`,
    "row NOT IN (SELECT row FROM telltale_data.superseded)",
  ];
  if (from !== undefined) where.push(`hour >= ${hour(from)}`);
  if (to !== undefined) where.push(`hour < ${hour(to)}`);
  if (project !== undefined) where.push(`project = ${parameters.bind("String", project)}`);
  if (cursor !== undefined) where.push(behindPlace(cursor, parameters));
  const found = await reader.rows(
    `SELECT toString(row) AS number, length(input) + length(output) + length(events) AS bytes
    FROM telltale_data.span_rows WHERE ${where.join(" AND ")} ${PLACE_ORDER} LIMIT ${PAGE}`,
    parameters.values,
    { maxSeconds: 60 },
  );
  const chosen: string[] = [];
  let bytes = 0;
  for (const row of found) {
    bytes += numberOf(row, "bytes");
    if (chosen.length > 0 && bytes > PAGE_BYTES) break;
    chosen.push(textOf(row, "number"));
  }
  const isLast = chosen.length === found.length && found.length < PAGE;
  const sql = storedRowsSql(`WHERE row IN {rows:Array(UInt64)} ${PLACE_ORDER}`);
  const read = await reader.bytes(sql, { rows: chosen }, { format: "JSONEachRow", maxSeconds: 60 });
  return { rows: [...storedRowsIn(read)], isLast };
}

function cursorOf({ project, hour, trace_id: traceId, start_time, span_id: spanId }: SpanRow): string {
  return writePlace({ project, hour, traceId, start: String(start_time), spanId });
}

async function compare(rows: readonly SpanRow[], differences: Differences): Promise<void> {
  for (const [index, row] of rows.entries()) {
    if (index % AT_ONCE === AT_ONCE - 1) await turn();
    differences.add(row, retoldRow(row, [], steps));
  }
}

async function send(rows: readonly SpanRow[], parts: RewriteParts): Promise<void> {
  if (rows.length === 0) return;
  const named = rows.map(({ project, trace_id: traceId, span_id: spanId }) => ({ project, traceId, spanId }));
  await storeEntry("retold", writeRetellings(named), parts);
}
