import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../store.ts";
import { openChdb } from "../../stores/chdb.ts";
import { openClickhouse } from "../../stores/clickhouse.ts";

/** An engine for a test and what undoes it. */
export interface TestEngine {
  readonly store: Store;
  close(): Promise<void>;
}

/** Every driver over a real engine; a real server too when `CLICKHOUSE_URL` names one. */
export const TEST_ENGINES: Readonly<Record<string, () => Promise<TestEngine>>> = {
  chdb: openTestChdb,
  "clickhouse over chdb": openTestClickhouse,
  ...(process.env["CLICKHOUSE_URL"] && { "clickhouse server": openServer }),
};

/** The embedded engine over a directory of its own; one per process at a time. */
export async function openTestChdb(): Promise<TestEngine> {
  const directory = mkdtempSync(join(tmpdir(), "telltale-store-"));
  const store = openChdb({ directory });
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function openTestClickhouse(): Promise<TestEngine> {
  const child: ChildProcess = fork(join(import.meta.dirname, "clickhouse-front.ts"), {
    execArgv: ["--conditions=development"],
  });
  const [port] = (await once(child, "message")) as [number];
  const store = openClickhouse({ url: `http://127.0.0.1:${port}` });
  return {
    store,
    close: async () => {
      await store.close();
      const exit = once(child, "exit");
      child.disconnect();
      await exit;
    },
  };
}

/** Leaves nothing behind but the schema: tests take names of their own. */
async function openServer(): Promise<TestEngine> {
  const store = openClickhouse({ url: process.env["CLICKHOUSE_URL"] ?? "" });
  return { store, close: () => store.close() };
}
