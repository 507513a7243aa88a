import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openChdb } from "./chdb.ts";

const directories: string[] = [];
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "telltale-chdb-"));
  directories.push(directory);
  return directory;
};
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const program = join(import.meta.dirname, "../store/testing/insert-until-killed.ts");
const start = (directory: string, batches: number) =>
  fork(program, [directory, String(batches)], { execArgv: ["--conditions=development"] });

describe("openChdb", () => {
  it("has each row once when a killed insert is done again", { timeout: 60_000 }, async () => {
    const directory = newDirectory();
    for (const killAfter of [3, 5, 9]) {
      const child = start(directory, 1000);
      child.on("message", (batch) => batch === killAfter && child.kill("SIGKILL"));
      await once(child, "exit");
    }
    const last = start(directory, 20);
    const messages: unknown[] = [];
    last.on("message", (message) => messages.push(message));
    await once(last, "exit");
    const [count, different] = String(messages.at(-1)).split("\t").map(Number);
    expect(count).toBe(different);
    expect(count).toBeGreaterThanOrEqual(20_000);
  });

  it("waits for running statements when it closes, refuses later ones, and opens again", async () => {
    const directory = newDirectory();
    const store = openChdb({ directory });
    await store.exec("CREATE DATABASE telltale_data");
    await store.exec("CREATE TABLE telltale_data.kept (a UInt8) ENGINE = MergeTree ORDER BY a");
    const insert = store.exec("INSERT INTO telltale_data.kept SELECT sleepEachRow(0.1) + 7");
    const reads = Array.from({ length: 8 }, () => store.read("SELECT sleep(0.05)"));
    await Promise.all([store.close(), store.close()]);
    await Promise.all([insert, ...reads]);
    await expect(store.read("SELECT 1")).rejects.toMatchObject({ code: "unavailable", retry: true });
    const again = openChdb({ directory });
    expect(Buffer.from(await again.read("SELECT * FROM telltale_data.kept", {}, { format: "TSV" })).toString()).toBe(
      "7\n",
    );
    await again.close();
  });

  it("reaches no file or address, even as the writer", async () => {
    const directory = newDirectory();
    const store = openChdb({ directory });
    const target = join(directory, "written");
    for (const sql of [
      `INSERT INTO FUNCTION file('${target}', 'CSV', 'a Int8') VALUES (1)`,
      "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
      "CREATE FUNCTION f AS x -> x",
      "CREATE DATABASE other",
    ]) {
      await expect(store.exec(sql)).rejects.toMatchObject({ name: "StoreError" });
    }
    expect(existsSync(target)).toBe(false);
    await store.close();
  });
});
