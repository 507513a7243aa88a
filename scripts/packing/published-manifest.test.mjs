import { expect, test } from "vitest";
import { publishedManifest } from "./published-manifest.mjs";

test("leaves out what only the repository can use, at any depth, and keeps the rest in order", () => {
  const manifest = {
    name: "x",
    exports: {
      ".": { development: "./src/index.ts", types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./a": { node: { development: "./src/a.ts", default: "./dist/a.js" } },
      "./package.json": "./package.json",
    },
    scripts: { prepack: "node pack.mjs" },
    dependencies: { zod: "4.6.7" },
    devDependencies: { react: "19" },
  };
  const published = publishedManifest(manifest);
  expect(published).toEqual({
    name: "x",
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./a": { node: { default: "./dist/a.js" } },
      "./package.json": "./package.json",
    },
    dependencies: { zod: "4.6.7" },
  });
  expect(manifest.scripts.prepack).toBe("node pack.mjs");
});
