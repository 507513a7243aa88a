/*
 * What `#watching` is in a bundle, which has no files beside it that could be read later, and in the sources.
 */
import * as watching from "./watching.ts";

/** Everything that sees calls. */
export type Watching = typeof watching;

/** The code that sees calls. */
export function loadWatching(): Watching {
  return watching;
}
