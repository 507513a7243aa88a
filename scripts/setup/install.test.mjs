import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isInstalled } from "./install.mjs";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "telltale-install-"));
  mkdirSync(join(root, "node_modules"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param {Record<string, object>} packages */
const lock = (packages) => writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages }));
/** @param {Record<string, object>} packages */
const present = (packages) =>
  writeFileSync(join(root, "node_modules", ".package-lock.json"), JSON.stringify({ packages }));

const zod = { version: "4.0.0", integrity: "sha512-a" };

test("nothing is installed without node_modules, or when npm did not come to its end", () => {
  lock({ "": {}, "node_modules/zod": zod });
  expect(isInstalled(root)).toBe(false);
});

test("what the lock names is installed, and packages for other machines may be missing", () => {
  lock({ "": {}, "packages/model": {}, "node_modules/zod": zod, "node_modules/node-win": { ...zod, optional: true } });
  present({ "node_modules/zod": zod });
  expect(isInstalled(root)).toBe(true);
});

test.each([
  ["another version", { version: "4.0.1", integrity: "sha512-a" }],
  ["another content", { version: "4.0.0", integrity: "sha512-b" }],
])("%s asks for an installation", (_, found) => {
  lock({ "node_modules/zod": zod });
  present({ "node_modules/zod": found });
  expect(isInstalled(root)).toBe(false);
});

test("a package that was added to the lock asks for an installation", () => {
  lock({ "node_modules/zod": zod, "packages/web/node_modules/marked": zod });
  present({ "node_modules/zod": zod });
  expect(isInstalled(root)).toBe(false);
});

test("a package that some need to develop and others may leave out asks for an installation where it is needed", () => {
  const needed = { ...zod, devOptional: true, dependencies: { deep: "1" } };
  const packages = {
    "": { devDependencies: { tool: "1" } },
    "packages/sdk": { devDependencies: { grpc: "1" } },
    "node_modules/grpc": needed,
    "node_modules/deep": { ...zod, devOptional: true },
    "node_modules/tool": { ...zod, optionalDependencies: { "tool-for-windows": "1" } },
    "node_modules/tool-for-windows": { ...zod, devOptional: true, dependencies: { "only-there": "1" } },
    "node_modules/only-there": { ...zod, devOptional: true },
  };
  lock(packages);
  const { "node_modules/grpc": grpc, "node_modules/deep": deep, "node_modules/tool": tool } = packages;
  present({ "node_modules/grpc": grpc, "node_modules/deep": deep, "node_modules/tool": tool });
  expect(isInstalled(root)).toBe(true);
  present({ "node_modules/grpc": grpc, "node_modules/tool": tool });
  expect(isInstalled(root)).toBe(false);
  present({ "node_modules/tool": tool });
  expect(isInstalled(root)).toBe(false);
});
