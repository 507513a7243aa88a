import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, ServerProcess } from "../benchmarks/server/server-process.ts";

/** A server from the sources, with an empty store of its own, that answers. */
export async function startServer(): Promise<ServerProcess> {
  const server = new ServerProcess(await freePort(), mkdtempSync(join(tmpdir(), "telltale-e2e-")), "source");
  await server.start();
  await server.whenReady();
  return server;
}

/** Ends it, and its store with it. */
export async function removeServer(server: ServerProcess): Promise<void> {
  await server.stop();
  rmSync(server.dataDirectory, { recursive: true, force: true });
}
