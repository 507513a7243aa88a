import * as z from "zod";
import { QueryError } from "../query.ts";

/** Where a page of a list ended: everything behind it comes next, whatever was inserted since. */
export interface TraceCursor {
  /** `sort` and `order` of the list it belongs to. */
  readonly list: string;
  /** Value of the sort key, as decimal text. */
  readonly key: string;
  readonly traceId: string;
}

const schema = z.tuple([z.string().max(40), z.string().regex(/^-?\d{1,19}$/), z.string().max(64)]);

/** A cursor as opaque text, safe in an address. */
export function writeCursor(cursor: TraceCursor): string {
  return Buffer.from(JSON.stringify([cursor.list, cursor.key, cursor.traceId])).toString("base64url");
}

/** Reads a cursor of the same list; throws `QueryError` for any other text. */
export function readCursor(text: string, list: string): TraceCursor {
  const parsed = schema.safeParse(jsonOf(Buffer.from(text, "base64url").toString()));
  if (!parsed.success || parsed.data[0] !== list)
    throw new QueryError(
      400,
      "bad-cursor",
      "cursor does not belong to this list",
      "send nextCursor of the page before, with the same sort and order; leave it out for the first page",
    );
  const [, key, traceId] = parsed.data;
  return { list, key, traceId };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
