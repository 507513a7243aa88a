/*
 * Before and after `npm pack` and `npm publish` in a package: the tarball gets the package.json that is published,
 * and the licence; the working copy keeps its own.
 */
import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publishedManifest } from "./packing/published-manifest.mjs";

const folder = process.cwd();
const manifest = join(folder, "package.json");
const kept = join(folder, ".package.json.kept");

/** Also mends what a pack that was broken off left behind. */
function restore() {
  if (existsSync(kept)) renameSync(kept, manifest);
}

function prepare() {
  restore();
  if (!existsSync(join(folder, "dist")))
    throw new Error("there is no dist/: run npm run build in the repository first");
  copyFileSync(join(import.meta.dirname, "..", "LICENSE"), join(folder, "LICENSE"));
  copyFileSync(manifest, kept);
  writeFileSync(
    manifest,
    `${JSON.stringify(publishedManifest(JSON.parse(readFileSync(manifest, "utf8"))), null, 2)}\n`,
  );
}

if (process.argv[2] === "before") prepare();
else restore();
