import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type InstalledSdk, installSdk } from "./installed-sdk.ts";

const run = promisify(execFile);

/**
 * Every file and every module of Node's own costs start-up time, in all programs that are watched. The bundle is in more
 * pieces since sending and log mode load apart from one another.
 */
const MOST_FILES = 18;
const MOST_OF_NODE = 40;

const COUNT = `
import { registerHooks } from "node:module";
const files = new Set();
registerHooks({
  load(url, context, next) {
    if (url.startsWith("file:")) files.add(url);
    return next(url, context);
  },
});
// What the first import of any file costs is nobody's.
await import("./nothing.mjs");
files.clear();
const before = process.moduleLoadList.length;
START
const ofNode = process.moduleLoadList.slice(before);
console.log(JSON.stringify({ files: [...files], ofNode }));
process.exit();
`;

interface Loaded {
  readonly files: readonly string[];
  readonly ofNode: readonly string[];
}

let sdk: InstalledSdk;

beforeAll(async () => {
  sdk = await installSdk();
  await sdk.write("nothing.mjs", "");
});
afterAll(() => sdk.remove());

async function modulesLoadedBy(start: string): Promise<Loaded> {
  const file = await sdk.write("count.mjs", COUNT.replace("START", start));
  const { stdout } = await run(process.execPath, [file], { env: {}, timeout: 30_000 });
  return JSON.parse(stdout) as Loaded;
}

describe("the SDK as it is installed", () => {
  it.each([
    ["import", `(await import("@telltale/sdk")).Telltale.initialize();`],
    ["require", `process.getBuiltinModule("module").createRequire(import.meta.url)("@telltale/sdk").initialize();`],
    ["register", `await import("@telltale/sdk/register");`],
  ])("starts with few modules by %s", async (_, start) => {
    const { files, ofNode } = await modulesLoadedBy(start);
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter((file) => !file.includes("/@telltale/sdk/dist/"))).toEqual([]);
    expect(files.slice(MOST_FILES)).toEqual([]);
    expect(ofNode.slice(MOST_OF_NODE)).toEqual([]);
  });

  it("leaves out what only some programs need", async () => {
    const { files } = await modulesLoadedBy(`(await import("@telltale/sdk")).Telltale.initialize();`);
    expect(files.filter((file) => /pricing|\/prices/.test(file))).toEqual([]);
  });
});
