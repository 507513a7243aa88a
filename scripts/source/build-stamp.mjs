import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { filesBelow, isForDevelopment, PACKAGES } from "./files.mjs";

/**
 * One text for the state of everything the build reads: paths, sizes and times of change.
 *
 * @param {string} root
 * @returns {string}
 */
function currentStamp(root) {
  const hash = createHash("sha256");
  const files = [
    join(root, "package-lock.json"),
    join(root, "tsconfig.base.json"),
    join(root, "scripts", "build.mjs"),
    join(root, "scripts", "packing", "bundle.mjs"),
    ...PACKAGES.flatMap((name) => filesBelow(join(root, "packages", name))),
  ];
  for (const file of files) {
    if (isForDevelopment(file) || /\/(LICENSE|[A-Z]+\.md)$/.test(file) || !existsSync(file)) continue;
    const { mtimeMs, size } = statSync(file);
    hash.update(`${relative(root, file)}\0${mtimeMs}\0${size}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} root */
function stampFile(root) {
  return join(root, ".cache", "build-stamp");
}

/**
 * Whether `dist/` of every package was made from the sources as they are now.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function isBuilt(root) {
  const main = ["cli/dist/main.js", "server/dist/index.js", "web/dist/index.html"];
  if (!main.every((file) => existsSync(join(root, "packages", file)))) return false;
  try {
    return readFileSync(stampFile(root), "utf8") === currentStamp(root);
  } catch {
    return false;
  }
}

/**
 * Remembers that the build is of the sources as they were when `readStamp` was called.
 *
 * @param {string} root
 * @returns {() => void} to call when the build has succeeded
 */
export function readStamp(root) {
  const stamp = currentStamp(root);
  return () => {
    mkdirSync(dirname(stampFile(root)), { recursive: true });
    writeFileSync(stampFile(root), stamp);
  };
}
