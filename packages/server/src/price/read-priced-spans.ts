import type { Cost, SpanKind, UsageLine } from "@telltale/model";
import * as z from "zod";
import { costBasis } from "../engine/new-cost.ts";
import { QueryError, type Reader, type Row } from "../query.ts";
import { decimalOf, textOf } from "../query/row-value.ts";
import { StatementParameters } from "../query/statement-parameters.ts";
import { hourOfMilliseconds } from "../query/trace-selection.ts";
import { BILLED_KINDS, type PricedSpan } from "./cost-of-span.ts";

/** Which spans are priced again. */
export interface PricedSelection {
  /** Milliseconds since 1970, to the hour. */
  readonly from: number;
  readonly to?: number | undefined;
  readonly project?: string | undefined;
  readonly provider?: string | undefined;
  /** As spend names it. */
  readonly model?: string | undefined;
}

/** A stored span with what its price depends on and its cost. */
export interface StoredPricedSpan {
  /** Its number in `span_rows`. */
  readonly row: string;
  readonly project: string;
  readonly traceId: string;
  readonly spanId: string;
  /** In UTC. */
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly isBilled: boolean;
  readonly span: PricedSpan;
  /** `undefined` where none was worked out. */
  readonly cost: Cost | undefined;
  /** As `engine/new-cost.ts` has it. */
  readonly basis: string;
}

/** Some spans in the order in which they lie, and where to go on; null behind the last. */
export interface PricedPage {
  readonly spans: readonly StoredPricedSpan[];
  readonly next: string | null;
}

const MODEL = "if(response_model = '', request_model, response_model)";
/** Where a span lies: project, hour, trace, start in nanoseconds, span. */
const cursorSchema = z.tuple([z.string(), z.int(), z.string(), z.string().regex(/^-?\d{1,19}$/), z.string()]);

/** The next `limit` spans of a selection that have, or could have, a cost. Throws `QueryError` for a wrong cursor. */
export async function readPricedSpans(
  reader: Reader,
  selection: PricedSelection,
  cursor: string | undefined,
  limit: number,
): Promise<PricedPage> {
  const parameters = new StatementParameters();
  const where = [...whereOf(selection, parameters), ...behind(cursor, parameters)];
  const rows = await reader.rows(
    `SELECT toString(row) AS number, project, toUnixTimestamp(hour) AS filed, trace_id, span_id, kind, provider, request_model,
      response_model, ${MODEL} AS model, service_tier, usage, cost, billing = 'billed' AS billed,
      toString(toUnixTimestamp64Nano(start_time)) AS started,
      if(end_time IS NULL, NULL, toString(toUnixTimestamp64Nano(assumeNotNull(end_time)))) AS ended
    FROM telltale_data.span_rows WHERE ${where.join(" AND ")}
    ORDER BY project, hour, trace_id, start_time, span_id LIMIT ${parameters.bind("UInt32", limit)}`,
    parameters.values,
    { maxSeconds: 60 },
  );
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { spans: rows.map(spanOf), next: last ? cursorOf(last) : null };
}

function whereOf(selection: PricedSelection, parameters: StatementParameters): string[] {
  const { from, to, project, provider, model } = selection;
  const text = (value: string): string => parameters.bind("String", value);
  const hour = (value: number): string => `toDateTime(${parameters.bind("UInt32", hourOfMilliseconds(value))}, 'UTC')`;
  const kinds = BILLED_KINDS.map((kind) => `'${kind}'`).join(", ");
  const where = [
    `hour >= ${hour(from)}`,
    `(usage != '' OR kind IN (${kinds}))`,
    "row NOT IN (SELECT row FROM telltale_data.superseded)",
  ];
  if (to !== undefined) where.push(`hour < ${hour(to)}`);
  if (project !== undefined) where.push(`project = ${text(project)}`);
  if (provider !== undefined) where.push(`provider = ${text(provider)}`);
  if (model !== undefined) where.push(`${MODEL} = ${text(model)}`);
  return where;
}

function behind(cursor: string | undefined, parameters: StatementParameters): string[] {
  if (cursor === undefined) return [];
  const [project, hour, traceId, start, spanId] = readCursor(cursor);
  const place = [
    parameters.bind("String", project),
    `toDateTime(${parameters.bind("UInt32", hour)}, 'UTC')`,
    parameters.bind("String", traceId),
    `fromUnixTimestamp64Nano(${parameters.bind("Int64", BigInt(start))}, 'UTC')`,
    parameters.bind("String", spanId),
  ];
  return [`(project, hour, trace_id, start_time, span_id) > (${place.join(", ")})`];
}

function cursorOf(row: Row): string {
  const place = [row["project"], Number(row["filed"]), row["trace_id"], row["started"], row["span_id"]];
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readCursor(text: string): z.infer<typeof cursorSchema> {
  const read = cursorSchema.safeParse(jsonOf(Buffer.from(text, "base64url").toString()));
  if (read.success) return read.data;
  throw new QueryError(400, "bad-cursor", "cursor is none of this list", "send nextCursor of the answer before");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function spanOf(row: Row): StoredPricedSpan {
  const text = (column: string): string => textOf(row, column);
  const told = (column: string): string | undefined => text(column) || undefined;
  const ended = decimalOf(row, "ended");
  const startTime = BigInt(text("started"));
  const endTime = ended === null ? undefined : BigInt(ended);
  const cost = costFromJson(text("cost"));
  const kind = text("kind") as SpanKind;
  const columns = ["provider", "request_model", "response_model", "service_tier", "usage", "cost"] as const;
  const [provider, request_model, response_model, service_tier, usage, costText] = columns.map(text) as Six;
  return {
    row: text("number"),
    project: text("project"),
    traceId: text("trace_id"),
    spanId: text("span_id"),
    day: new Date(Number(row["filed"]) * 1000).toISOString().slice(0, 10),
    provider,
    model: text("model"),
    isBilled: Number(row["billed"]) === 1,
    cost,
    span: {
      kind,
      usage: usage === "" ? [] : (JSON.parse(usage) as UsageLine[]),
      provider: told("provider"),
      requestModel: told("request_model"),
      responseModel: told("response_model"),
      serviceTier: told("service_tier"),
      startTime,
      endTime,
      ...(cost ? { cost } : {}),
    },
    basis: costBasis({
      kind,
      provider,
      request_model,
      response_model,
      service_tier,
      usage,
      cost: costText,
      start_time: startTime,
      end_time: endTime ?? null,
    }),
  };
}

type Six = [string, string, string, string, string, string];

/** A cost from the text of its column. */
function costFromJson(text: string): Cost | undefined {
  if (text === "") return undefined;
  return JSON.parse(text, (key, value: unknown) =>
    (key === "nanos" || key === "nanosPerMillion") && typeof value === "string" ? BigInt(value) : value,
  ) as Cost;
}
