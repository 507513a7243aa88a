import { once } from "node:events";
import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Span } from "@telltale/model";
import { decodeEntry, emptyBatch } from "../engine/decode-batch.ts";
import type { SpanRow } from "../engine/span-row.ts";
import { readFormat } from "../format/read-format.ts";
import type { Journal, JournalEntry } from "../journal/journal.ts";
import type { LogRecord } from "../otlp/record.ts";
import { pipeline } from "../pipeline.ts";
import type { HttpReceiver } from "../receiver.ts";
import { translate } from "../translate.ts";
import { emptyReader } from "./empty-reader.ts";

/** A receiver that listens on loopback, with the journal that it filled. */
export interface ServedReceiver {
  readonly url: string;
  /** Where the receiver keeps what it must remember. */
  readonly directory: string;
  readonly entries: readonly JournalEntry[];
  /** What the entries hold, entry by entry: a span that came in parts stands there once for each. */
  spans(): Span[];
  logs(): LogRecord[];
  /** The rows that the engine would make of them, before it merges. */
  rows(): SpanRow[];
  /** What the journal does from now on instead of keeping. */
  failWith(error: Error | undefined): void;
  close(): void;
}

/** Listens for a receiver of a format that is not OTLP; `directory`, where it keeps things, goes with it. */
export async function serveReceiver(
  receiver: HttpReceiver,
  directory: string = mkdtempSync(join(tmpdir(), "telltale-receiver-")),
): Promise<ServedReceiver> {
  const entries: JournalEntry[] = [];
  let failure: Error | undefined;
  const append: Journal["append"] = (entry) => {
    if (failure) return Promise.reject(failure);
    entries.push({ ...entry, body: Buffer.from(entry.body) });
    return Promise.resolve({ segment: 1, offset: entries.length });
  };
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    if (receiver.owns(path)) void receiver.handle(request, response, { append }, directory, emptyReader);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const records = () =>
    entries.flatMap(({ encoding, body, receivedAt }) =>
      encoding === "protobuf" || encoding === "json" || encoding === "new-costs" || encoding === "retold"
        ? []
        : [...readFormat(encoding, body, receivedAt)],
    );
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    directory,
    entries,
    spans: () =>
      records().flatMap(({ span }) => (span ? [translate(span, [], { project: "", receivedAt: span.startTime })] : [])),
    logs: () => records().flatMap(({ log }) => (log ? [log] : [])),
    rows: () => {
      const batch = emptyBatch();
      for (const entry of entries) decodeEntry(entry, pipeline(), batch);
      if (batch.undecodable > 0) throw new Error(`${batch.undecodable} could not be decoded`);
      return batch.spans.map(({ place }) => batch.block.rowAt(place));
    },
    failWith: (error) => (failure = error),
    close: () => {
      server.closeAllConnections();
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
