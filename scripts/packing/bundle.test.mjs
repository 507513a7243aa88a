import { expect, test } from "vitest";
import { entriesOf, undeclared } from "./bundle.mjs";

test("finds each promised file, its source, and whether it is for places without Node", () => {
  const exports = {
    ".": {
      browser: { development: "./src/browser.ts", types: "./dist/browser.d.ts", default: "./dist/browser.js" },
      development: "./src/index.ts",
      types: "./dist/index.d.ts",
      default: "./dist/index.js",
    },
    "./register": { development: "./src/register.ts", default: "./dist/register.js" },
    "./package.json": "./package.json",
  };
  expect(entriesOf(exports)).toEqual([
    { source: "./src/index.ts", target: "./dist/index.js", browser: false },
    { source: "./src/browser.ts", target: "./dist/browser.js", browser: true },
    { source: "./src/register.ts", target: "./dist/register.js", browser: false },
  ]);
});

test("tells the libraries that would be missing, and no others", () => {
  const manifest = { name: "@telltale/sdk", dependencies: { "@a/b": "1" }, peerDependencies: { peer: "1" } };
  const text = `
    import "bare";
    import { a } from "./a.js";
    import type { B } from "@a/b/deep";
    import * as fs from 'node:fs';
    export { p } from "peer";
    const lazy = import("@lazy/library/part");
    const old = require("older");
    type T = import("typed").T;
    const text = "from here to there";
    const word = [field(data, "from"), textOf(data, "to")];
  `;
  expect(undeclared(text.replaceAll(/^ +/gm, ""), manifest)).toEqual(["bare", "@lazy/library/part", "older", "typed"]);
});
