/*
 * npm start: builds when the sources have changed, then `telltale serve` with whatever follows `--`.
 */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildWhenNeeded } from "./source/build-when-needed.mjs";

const code = await buildWhenNeeded();
if (code === 0) {
  const main = join(import.meta.dirname, "..", "packages", "cli", "dist", "main.js");
  process.argv = [process.execPath, main, "serve", ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
} else process.exitCode = code;
