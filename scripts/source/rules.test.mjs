import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkContract } from "./contract-docs.mjs";
import { importsOf, parseFile } from "./syntax.mjs";
import { checkWords } from "./words.mjs";

const root = mkdtempSync(join(tmpdir(), "telltale-rules-"));
afterAll(() => rmSync(root, { recursive: true }));

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  writeFileSync(join(root, name), text);
  return parseFile(join(root, name));
}

test("finds every way in which a file names a module, and which of them are types only", () => {
  const source = write(
    "a.ts",
    `import type { A } from "./type.ts";
import { type B, type C } from "./types.ts";
import { d, type E } from "./mixed.ts";
import "./effect.ts";
export { f } from "./again.ts";
export * from "./all.ts";
const g = await import("./later.ts");
const h = "import('./text.ts')";`,
  );
  expect(importsOf(source).map(({ from, typeOnly, dynamic, line }) => [from, typeOnly, dynamic, line])).toEqual([
    ["./type.ts", true, false, 1],
    ["./types.ts", true, false, 2],
    ["./mixed.ts", false, false, 3],
    ["./effect.ts", false, false, 4],
    ["./again.ts", false, false, 5],
    ["./all.ts", false, false, 6],
    ["./later.ts", false, true, 7],
  ]);
});

test("a contract says what every member means; other files need not", () => {
  const source = write(
    "wire.ts",
    `/** What it is. */
export interface Wire {
  readonly name: string;
  /** Said. */
  told(): void;
  // Not for readers of the contract.
  untold(): void;
}
export type Bare = string;`,
  );
  expect(checkContract("packages/sdk/src/wire.ts", source)).toEqual([
    "packages/sdk/src/wire.ts:7: part of a contract and not documented",
    "packages/sdk/src/wire.ts:9: part of a contract and not documented",
  ]);
  expect(checkContract("packages/sdk/src/other.ts", source)).toEqual([]);
});

test.each([
  ["// TO" + "DO later", 1],
  ["see /wo" + "rk/main/x.ts", 1],
  ["/ho" + "me/somebody/x", 1],
  ["# Co-auth" + "ored-by: nobody", 1],
  ["a network/work/flow and a todo list in /home/you/x", 0],
])("in %j there are %i words to take out", (line, count) => {
  writeFileSync(join(root, "text.md"), line);
  expect(checkWords(root, "text.md")).toHaveLength(count);
});
