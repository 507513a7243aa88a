import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkDataDirectory } from "./check-data-directory.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "telltale-cli-"));
});
afterEach(() => {
  chmodSync(directory, 0o700);
  rmSync(directory, { recursive: true });
});

test("a directory that exists is writable and has room", async () => {
  const result = await checkDataDirectory(directory);
  expect(result.status).not.toBe("problem");
  expect(result.text).toMatch(/is writable; [\d.]+ GB free$/);
});

test("a directory that does not exist yet will be made, however deep", async () => {
  const result = await checkDataDirectory(join(directory, "a", "b", "c"));
  expect(result.text).toContain("will be made at the first start");
});

test("a file in its place is a problem", async () => {
  writeFileSync(join(directory, "file"), "");
  for (const path of [join(directory, "file"), join(directory, "file", "below")])
    expect(await checkDataDirectory(path)).toMatchObject({ status: "problem", subject: "data" });
});

// The superuser may write everywhere.
test.skipIf(process.getuid?.() === 0)("a directory without the right to write is a problem", async () => {
  chmodSync(directory, 0o500);
  expect(await checkDataDirectory(directory)).toMatchObject({ status: "problem" });
});
