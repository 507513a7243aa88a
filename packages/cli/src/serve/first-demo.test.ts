import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isUntouched, wantsDemo } from "./first-demo.ts";

test("a directory is untouched until something is in it", () => {
  const directory = mkdtempSync(join(tmpdir(), "telltale-cli-"));
  try {
    expect(isUntouched(join(directory, "not-there"))).toBe(true);
    expect(isUntouched(directory)).toBe(true);
    writeFileSync(join(directory, "a"), "");
    expect(isUntouched(directory)).toBe(false);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.each([
  [undefined, true, {}, true],
  [undefined, false, {}, false],
  [undefined, true, { CI: "true" }, false],
  [true, false, { CI: "true" }, true],
  [false, true, {}, false],
])("asked %s, untouched %s, environment %j: %s", (asked, untouched, environment, wanted) => {
  expect(wantsDemo(asked, untouched, environment)).toBe(wanted);
});
