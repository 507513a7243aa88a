import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort, ServerProcess } from "../benchmarks/server/server-process.ts";
import { runChecks, tableOf } from "./conformance/run-checks.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-conformance-"));
let server: ServerProcess;
let grpc: string;

beforeAll(async () => {
  const grpcPort = await freePort();
  grpc = `127.0.0.1:${grpcPort}`;
  server = new ServerProcess(await freePort(), directory, "source", ["--grpc-port", String(grpcPort)]);
  await server.start();
  await server.whenReady();
}, 60_000);

afterAll(async () => {
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

it("is green on every row", async () => {
  const rows = await runChecks({ http: server.url, grpc });
  expect(rows.length).toBeGreaterThan(20);
  expect(tableOf(rows.filter(({ wrong }) => wrong !== undefined))).toBe("");
}, 120_000);
