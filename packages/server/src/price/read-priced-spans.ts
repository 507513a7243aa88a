import type { Cost, SpanKind, UsageLine } from "@telltale/model";
import { costFromJson } from "../engine/cost-json.ts";
import { costBasis } from "../engine/new-cost.ts";
import type { Reader, Row } from "../query.ts";
import { decimalOf, textOf } from "../query/row-value.ts";
import { behindPlace, PLACE_ORDER, writePlace } from "../query/span-place.ts";
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
/** The next `limit` spans of a selection that have, or could have, a cost. Throws `QueryError` for a wrong cursor. */
export async function readPricedSpans(
  reader: Reader,
  selection: PricedSelection,
  cursor: string | undefined,
  limit: number,
): Promise<PricedPage> {
  const parameters = new StatementParameters();
  const where = whereOf(selection, parameters);
  if (cursor !== undefined) where.push(behindPlace(cursor, parameters));
  const rows = await reader.rows(
    `SELECT toString(row) AS number, project, toUnixTimestamp(hour) AS filed, trace_id, span_id, kind, provider, request_model,
      response_model, ${MODEL} AS model, service_tier, usage, cost, billing = 'billed' AS billed,
      toString(toUnixTimestamp64Nano(start_time)) AS started,
      if(end_time IS NULL, NULL, toString(toUnixTimestamp64Nano(assumeNotNull(end_time)))) AS ended
    FROM telltale_data.span_rows WHERE ${where.join(" AND ")}
    ${PLACE_ORDER} LIMIT ${parameters.bind("UInt32", limit)}`,
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

function cursorOf(row: Row): string {
  const text = (column: string): string => textOf(row, column);
  const hour = Number(row["filed"]);
  return writePlace({
    project: text("project"),
    hour,
    traceId: text("trace_id"),
    start: text("started"),
    spanId: text("span_id"),
  });
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
