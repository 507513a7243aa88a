import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");
const directory = mkdtempSync(join(tmpdir(), "telltale-first-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A person's environment: not CI, nothing decided about the demo, and no real model to pay. */
function personEnvironment(): NodeJS.ProcessEnv {
  const { CI: _ci, TELLTALE_DEMO: _demo, OPENAI_API_KEY: _key, OPENAI_BASE_URL: _url, ...rest } = process.env;
  return rest;
}

/** Serves until a line passes the test, asks the SQL, stops, and tells what was said and answered. */
async function serveUntil(last: RegExp, sql: string): Promise<{ said: string; rows: unknown[][] }> {
  const line = [MAIN, "serve", "--port", "0", "--data", directory];
  const child = spawn(process.execPath, line, { env: personEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
  try {
    let said = "";
    const reached = Promise.withResolvers<void>();
    for (const input of [child.stdout, child.stderr])
      createInterface({ input }).on("line", (text) => {
        said += `${text}\n`;
        if (last.test(text)) reached.resolve();
      });
    await Promise.race([reached.promise, once(child, "close")]);
    const url = /Look here\s+(http:\S+)/.exec(said)?.[1];
    const response = await fetch(`${url}/api/v1/query`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ sql }),
    });
    const answer = (await response.json()) as { rows: unknown[][] };
    return { said, rows: answer.rows };
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "close");
  }
}

test("the first start shows a support desk at work, priced, with a run that goes round in circles; the second keeps it", async () => {
  const runs = `SELECT count() > 5, min(cost_usd) > 0, max(span_count) > 40 FROM traces`;
  const first = await serveUntil(/demo {2}done/, runs);
  expect(first.said).toContain("goes round in circles");
  expect(first.rows).toEqual([[true, true, true].map((value) => expect.toSatisfy((cell) => Boolean(cell) === value))]);

  const second = await serveUntil(/Ctrl-C stops it/, "SELECT count() > 5 FROM traces");
  expect(second.said).not.toContain("demo  ");
  expect(second.rows.flat().map(Boolean)).toEqual([true]);
});
