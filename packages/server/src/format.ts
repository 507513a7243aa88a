import type { JsonObject } from "./dialect/json-of.ts";
import type { Format as FormatName } from "./journal/journal.ts";
import type { LogRecord, SpanRecord } from "./otlp/record.ts";

/**
 * A way of writing traces that is not OTLP. Its receiver checks a request, leaves out what cannot be kept, and puts the
 * rest into the journal as one JSON object; the engine reads that here. Parts of one span may come in several requests,
 * in any order: each is read into a record with what it tells, and the engine merges records of one span.
 */
export interface Format {
  /** As in the journal's entries. */
  readonly name: FormatName;
  /** Records in a journal body; what is not understood is left out. Never throws on JSON, and changes nothing. */
  read(body: JsonObject, receivedAt: bigint): Iterable<FormatRecord>;
}

/** What a format reads: a span, or a log record that says something of a span, as a score does. */
export type FormatRecord =
  | { readonly span: SpanRecord; readonly log?: undefined }
  | { readonly log: LogRecord; readonly span?: undefined };
