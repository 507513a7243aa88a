import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { OPERATIONS } from "../http/operations.ts";
import { queries } from "../queries/index.ts";
import type { HttpReceiver } from "../receiver.ts";
import { receivers } from "./index.ts";
import { emptyReader } from "../testing/empty-reader.ts";

/** Paths of every protocol that some receiver may own; the first one is asked for. */
const PATHS = [
  "/v1/traces",
  "/v1/logs",
  "/v1/metrics",
  "/api/public/otel/v1/traces",
  "/runs",
  "/runs/batch",
  "/runs/multipart",
  "/api/v1/runs/batch",
  "/api/public/ingestion",
  "/v1/traces/ingest",
];
const BODIES: readonly (readonly [string, Uint8Array])[] = [
  ["application/x-protobuf", Buffer.from([0xff, 0xff, 0xff])],
  ["application/json", Buffer.from('{"a":[}')],
  ["application/json", Buffer.from("[".repeat(100_000))],
  ["text/plain", Buffer.from("text")],
  ["application/x-protobuf", Buffer.alloc(10_000, 0x0a)],
];

const httpReceivers = receivers.filter((receiver) => "owns" in receiver);

let server: Server | undefined;
const directory = mkdtempSync(join(tmpdir(), "telltale-receivers-"));

afterAll(() => rmSync(directory, { recursive: true, force: true }));

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function urlOf(receiver: HttpReceiver, failures: unknown[]): Promise<string> {
  server = createServer((request, response) => {
    const journal = { append: () => Promise.reject(new Error("this journal refuses everything")) };
    receiver.handle(request, response, journal, directory, emptyReader).catch((error: unknown) => failures.push(error));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(httpReceivers.map((receiver) => [receiver.name, receiver] as const))(
  "the receiver %s",
  (name, receiver) => {
    it("has a name of its own and owns at least one path, but no page and no API", () => {
      expect(receivers.filter((other) => other.name === name)).toHaveLength(1);
      expect(PATHS.some((path) => receiver.owns(path))).toBe(true);
      for (const path of ["/", "/index.html", "/api/v1/traces", "", "/v1/traces/../x"])
        expect(receiver.owns(path)).toBe(false);
    });

    it("takes no path of a question or an operation of the server's own", () => {
      for (const { path } of [...queries, ...OPERATIONS])
        expect(receiver.owns(`/api/v1${path.replaceAll(/:\w+/g, "0".repeat(32))}`)).toBe(false);
    });

    it("shares no path with another receiver", () => {
      for (const path of PATHS) expect(httpReceivers.filter((other) => other.owns(path)).length).toBeLessThanOrEqual(1);
    });

    it("answers every method and body without throwing, and never with success when nothing was kept", async () => {
      const failures: unknown[] = [];
      const url = await urlOf(receiver, failures);
      for (const path of PATHS.filter((candidate) => receiver.owns(candidate))) {
        expect((await fetch(url + path)).status).toBe(405);
        for (const [type, body] of BODIES) {
          const answer = await fetch(url + path, { method: "POST", headers: { "content-type": type }, body });
          expect(answer.status).toBeGreaterThanOrEqual(400);
          expect(answer.status).toBeLessThan(504);
        }
      }
      expect(failures).toEqual([]);
    });
  },
);
