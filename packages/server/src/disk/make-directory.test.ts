import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { makeDirectory } from "./make-directory.ts";

const directory = mkdtempSync(join(tmpdir(), "telltale-directories-"));

afterAll(() => rmSync(directory, { recursive: true }));

it("makes a directory with those above it, and leaves one that is there", () => {
  const path = join(directory, "ä b", "c");
  makeDirectory(path);
  makeDirectory(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it("says why none can be made", () => {
  const file = join(directory, "file");
  writeFileSync(file, "");
  expect(() => makeDirectory(file)).toThrow("EEXIST");
  expect(() => makeDirectory(join(file, "below"))).toThrow(/EEXIST|ENOTDIR/);
});

it.runIf(process.platform === "linux")("also where the parent is there and takes none", () => {
  expect(() => makeDirectory("/proc/telltale/data")).toThrow("ENOENT");
});
