import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { EngineHandle } from "./engine-handle.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-engine-"));

afterAll(() => rmSync(directory, { recursive: true }));

it("says once why the engine cannot start, however often it is tried", async () => {
  writeFileSync(join(directory, "store"), "no directory");
  const said: string[] = [];
  const engine = new EngineHandle(
    { dataDirectory: directory, priceFile: join(directory, "prices.json"), estimates: false },
    { onProgress: () => undefined, onTraces: () => undefined, log: (line) => said.push(line) },
  );
  engine.start();
  await expect.poll(() => engine.status().restarts, { timeout: 30_000 }).toBeGreaterThan(2);
  await engine.stop();
  expect(said).toEqual([expect.stringMatching(/^the engine could not start, and is tried again and again: /)]);
}, 40_000);
