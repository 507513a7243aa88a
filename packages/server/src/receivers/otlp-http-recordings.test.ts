import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openJournal } from "../journal/open-journal.ts";
import { readJournal } from "../journal/read-journal.ts";
import { readLogs } from "../otlp/read-logs.ts";
import { readMetrics } from "../otlp/read-metrics.ts";
import { readTraces } from "../otlp/read-traces.ts";
import { otlpHttp } from "./otlp-http.ts";
import { emptyReader } from "../testing/empty-reader.ts";

const corpus = fileURLToPath(new URL("../../../../fixtures/corpus", import.meta.url));

interface Recording {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Requests to the OTLP endpoints, also to those that lie under another path, as they were sent. */
function recordings(): Recording[] {
  if (!existsSync(corpus)) return [];
  const files = readdirSync(corpus, { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => name.endsWith(".request.json"))
    .map((name) => {
      const { path, headers } = JSON.parse(readFileSync(join(corpus, name), "utf8")) as Omit<Recording, "body">;
      const body = readFileSync(join(corpus, name.replace(/\.request\.json$/, ".body")));
      return { path: path.replace(/^.*(?=\/v1\/(?:traces|logs|metrics)$)/, ""), headers, body: new Uint8Array(body) };
    })
    .filter(({ path }) => otlpHttp.owns(path));
}

it("takes every recorded request of a real SDK as it was sent, and all of it can be read from the journal", async () => {
  const directory = mkdtempSync(join(tmpdir(), "telltale-recordings-"));
  const journal = await openJournal({ directory });
  const server = createServer((request, response) => void otlpHttp.handle(request, response, journal, "", emptyReader));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const all = recordings();
  for (const { path, headers, body } of all) {
    const kept = Object.entries(headers).filter(([name]) => name.startsWith("content-"));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const answer = await fetch(url, { method: "POST", headers: Object.fromEntries(kept), body });
    expect(answer.status).toBe(200);
    expect(["", "{}"]).toContain(await answer.text());
  }
  server.close();
  server.closeAllConnections();
  const reader = readJournal(directory);
  reader.readUpTo(journal.position);
  let read = 0;
  for (let slice = reader.next(100_000); slice; slice = reader.next(100_000)) {
    for (const { signal, encoding: told, body } of slice.entries) {
      const encoding = told === "json" ? "json" : "protobuf";
      if (signal === "traces") expect(readTraces(body, encoding)).toMatchObject({ rejected: { count: 0 } });
      if (signal === "traces") expect(readTraces(body, encoding).spans.length).toBeGreaterThan(0);
      if (signal === "logs") expect(readLogs(body, encoding).logs.length).toBeGreaterThan(0);
      if (signal === "metrics") expect(readMetrics(body, encoding).metrics.length).toBeGreaterThan(0);
      read++;
    }
  }
  reader.close();
  await journal.close();
  rmSync(directory, { recursive: true });
  expect(read).toBe(all.length);
});
