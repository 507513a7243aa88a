import * as z from "zod";
import { QueryError } from "../query.ts";
import type { StatementParameters } from "./statement-parameters.ts";

const COLUMNS = "project, hour, trace_id, start_time, span_id";

/** Sorts rows of `span_rows` as they lie on disk: a walk over all of them reads each part once. */
export const PLACE_ORDER: string = `ORDER BY ${COLUMNS}`;

/** Where a span lies. */
export interface SpanPlace {
  readonly project: string;
  /** Seconds since 1970. */
  readonly hour: number;
  readonly traceId: string;
  /** Start in nanoseconds since 1970, in decimal. */
  readonly start: string;
  readonly spanId: string;
}

const placeSchema = z.tuple([z.string(), z.int(), z.string(), z.string().regex(/^-?\d{1,19}$/), z.string()]);

/** A place as the cursor of an answer. */
export function writePlace({ project, hour, traceId, start, spanId }: SpanPlace): string {
  return Buffer.from(JSON.stringify([project, hour, traceId, start, spanId])).toString("base64url");
}

/** SQL for spans behind the place of a cursor. Throws `QueryError` when it is none. */
export function behindPlace(cursor: string, parameters: StatementParameters): string {
  const read = placeSchema.safeParse(jsonOf(Buffer.from(cursor, "base64url").toString()));
  if (!read.success)
    throw new QueryError(400, "bad-cursor", "cursor is none of this list", "send nextCursor of the answer before");
  const [project, hour, traceId, start, spanId] = read.data;
  const place = [
    parameters.bind("String", project),
    `toDateTime(${parameters.bind("UInt32", hour)}, 'UTC')`,
    parameters.bind("String", traceId),
    `fromUnixTimestamp64Nano(${parameters.bind("Int64", BigInt(start))}, 'UTC')`,
    parameters.bind("String", spanId),
  ];
  return `(${COLUMNS}) > (${place.join(", ")})`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
