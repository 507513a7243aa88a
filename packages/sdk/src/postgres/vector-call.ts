import { debug, messageOf } from "../diagnostics.ts";
import { retrievalReading } from "../retrieval/retrieval-reading.ts";
import { type Open, runtime } from "../runtime.ts";
import { now } from "../span/clock.ts";
import { recordError } from "../span/record-error.ts";
import type { SpanRecord, Unread } from "../span/span-record.ts";
import { startSpan } from "../span/start-span.ts";
import type { Outcome } from "../wire.ts";
import { zeroEnded } from "./message-reader.ts";
import { type Column, columnsOf, documentOfRow, measureOf } from "./row-reader.ts";
import { type VectorQuery, withoutVectors } from "./vector-query.ts";

/** Rows that are kept of an answer; the number of all is told. */
const MOST_ROWS = 200;
const MOST_BYTES = 512 * 1024;

/** Where the question went. */
export interface Peer {
  readonly address: string | undefined;
  readonly port: number | undefined;
}

/** One question for the nearest rows, from its leaving to the end of its answer. */
export class VectorCall implements Open, Unread {
  readonly #query: VectorQuery;
  readonly #span: SpanRecord;
  readonly #peer: Peer;
  readonly #rows: Buffer[] = [];
  #columns: readonly Column[] = [];
  #bytes = 0;
  #rowCount = 0;
  #failure: { readonly type: string; readonly message: string } | undefined;
  #ended = false;
  #captureContent = false;
  #outcome: Outcome = "complete";

  constructor(query: VectorQuery, peer: Peer) {
    this.#query = query;
    this.#peer = peer;
    this.#span = startSpan("postgres", 3);
    runtime.open.add(this);
  }

  /** A RowDescription. */
  described(body: Buffer): void {
    this.#columns = columnsOf(body);
  }

  /** A DataRow. */
  row(body: Buffer): void {
    this.#rowCount++;
    this.#bytes += body.length;
    if (this.#rows.length < MOST_ROWS && this.#bytes <= MOST_BYTES) this.#rows.push(Buffer.from(body));
  }

  /** An ErrorResponse: fields of a letter and a text; C is the SQLSTATE, M the message. */
  refused(body: Buffer): void {
    const fields = new Map<string, string>();
    for (let at = 0; at < body.length && body[at] !== 0;) {
      const letter = String.fromCharCode(body[at] ?? 0);
      const [text, next] = zeroEnded(body, at + 1);
      fields.set(letter, text);
      at = next;
    }
    this.#failure = { type: fields.get("C") ?? "error", message: fields.get("M") ?? "" };
  }

  /** The connection is gone. */
  lost(): void {
    recordError(this.#span, new Error("The connection ended before the answer did."));
    this.end(this.#columns.length > 0 ? "cut" : "failed");
  }

  abandon(): void {
    this.end("abandoned");
  }

  end(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    runtime.open.delete(this);
    const { pipeline } = runtime;
    if (pipeline === undefined) return;
    this.#span.endTime = now();
    this.#span.heldBytes += this.#query.sql.length + Math.min(this.#bytes, MOST_BYTES);
    this.#captureContent = pipeline.captureContent;
    this.#outcome = outcome;
    this.#span.unread = this;
    pipeline.add(this.#span);
  }

  /** Fills the span, when it is about to be sent. */
  complete(): boolean {
    const span = this.#span;
    const outcome = this.#outcome;
    const captureContent = this.#captureContent;
    const { table, limit, sql } = this.#query;
    const failure = this.#failure;
    const { name, kind, attributes } = retrievalReading(
      {
        system: "postgresql",
        operation: "SELECT",
        collection: table,
        topK: limit,
        measure: measureOf(this.#columns),
        documents: failure === undefined && outcome === "complete" ? this.#documents() : undefined,
      },
      captureContent,
    );
    for (const [key, value] of span.attributes) attributes.set(key, value);
    span.name = name;
    span.attributes = attributes;
    if (failure === undefined && outcome === "complete") attributes.set("db.response.returned_rows", this.#rowCount);
    if (captureContent) attributes.set("db.query.text", withoutVectors(sql));
    attributes.set("telltale.span.kind", kind);
    attributes.set("gen_ai.provider.name", "postgresql");
    if (this.#peer.address !== undefined) attributes.set("server.address", this.#peer.address);
    if (this.#peer.port !== undefined) attributes.set("server.port", this.#peer.port);
    attributes.set("telltale.wire", "postgres");
    attributes.set("telltale.outcome", outcome);
    if (failure !== undefined) {
      span.failed = true;
      span.statusMessage = failure.message;
      attributes.set("error.type", failure.type);
      attributes.set("db.response.status_code", failure.type);
    }
    return true;
  }

  #documents(): readonly ReturnType<typeof documentOfRow>[] {
    try {
      return this.#rows.map((row) => documentOfRow(row, this.#columns));
    } catch (error) {
      debug(`Rows of PostgreSQL could not be read: ${messageOf(error)}`);
      return [];
    }
  }
}
