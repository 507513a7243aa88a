import { existsSync } from "node:fs";
import { join } from "node:path";

/** The oldest Node that Telltale runs on: type stripping, zstd and `module.registerHooks`. */
export const NEEDED_NODE = "22.15";

/**
 * @param {string} version such as `24.21.0`
 * @returns {boolean}
 */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED_NODE.split(".").map(Number);
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/**
 * The Node that runs this when it is new enough, else the one that came with the packages.
 *
 * @param {string} root of the repository
 * @returns {string | undefined} path of the program
 */
export function findNode(root) {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const carried = join(root, "node_modules", `node-${process.platform}-${process.arch}`, "bin", "node");
  return existsSync(carried) ? carried : undefined;
}
