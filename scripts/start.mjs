/*
 * npm start: builds when the sources have changed, then `telltale serve` with whatever follows `--`.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isBuilt } from "./source/build-stamp.mjs";

const root = join(import.meta.dirname, "..");

/** @returns {Promise<number>} */
async function buildWhenNeeded() {
  if (isBuilt(root)) return 0;
  console.error("Building (a few seconds, and only when the sources have changed) …");
  const { build } = await import("./build.mjs");
  return build();
}

const code = await buildWhenNeeded();
if (code === 0) {
  const main = join(root, "packages", "cli", "dist", "main.js");
  process.argv = [process.execPath, main, "serve", ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
} else process.exitCode = code;
