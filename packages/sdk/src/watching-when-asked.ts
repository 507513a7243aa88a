/*
 * What `#watching` is where Node runs the installed package: the readers of all APIs and frameworks are two thirds of
 * the code, and are read when the first call leaves or sending begins. At once, since that call is not to be missed.
 */
import type { Watching } from "./watching-at-once.ts";

let watching: Watching | undefined;

/** The code that sees calls; read from the disk when first asked for. */
export function loadWatching(): Watching {
  const { createRequire } = process.getBuiltinModule("node:module");
  watching ??= createRequire(import.meta.url)("#watching/code") as Watching;
  return watching;
}
