import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The packages, in the order a span travels, which is also the order in which they are built. */
export const PACKAGES = ["model", "rules", "sdk", "evals", "server", "web", "cli"];

const SKIPPED = new Set(["node_modules", "dist", ".git", ".cache", "coverage", "test-results"]);

/**
 * Every file below a folder, sorted; folders that hold nothing written by hand are left out.
 *
 * @param {string} folder
 * @returns {string[]} full paths; none when there is no such folder
 */
export function filesBelow(folder) {
  /** @type {import("node:fs").Dirent[]} */
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesBelow(path);
      return [path];
    });
}

/**
 * @param {string} path
 * @returns {boolean} whether it is a test, a benchmark or a template: nothing that is published or built
 */
export function isForDevelopment(path) {
  return /\.(test|bench)\.[cm]?[jt]sx?$|\/_template\.tsx?$|\/(testing|fixtures)\//.test(path);
}
