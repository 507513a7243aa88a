import { join } from "node:path";
import { isBuilt } from "./build-stamp.mjs";

const root = join(import.meta.dirname, "..", "..");

/**
 * Builds the packages unless what is there was made of the sources as they are.
 *
 * @returns {Promise<number>} an exit code
 */
export async function buildWhenNeeded() {
  if (isBuilt(root)) return 0;
  console.error("Building (a few seconds, and only when the sources have changed) …");
  const { build } = await import("../build.mjs");
  return build();
}
