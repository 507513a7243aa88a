import { say, variable } from "./platform/surroundings.ts";

const PREFIX = "[telltale]";
const told = new Set<string>();

/**
 * Says something to the person who set TELLTALE_DEBUG=1, and to nobody else: a library that
 * watches a program does not write into its logs. With `once`, the same text is told one time.
 */
export function debug(message: string, options?: { readonly once?: boolean }): void {
  if (variable("TELLTALE_DEBUG") !== "1") return;
  if (options?.once === true) {
    if (told.has(message)) return;
    told.add(message);
  }
  say(`${PREFIX} ${message}`);
}

/**
 * Says in one line what is wrong with a setting and what to do, each text one time. A program that
 * is set up well never hears of it.
 */
export function warn(message: string): void {
  if (told.has(message)) return;
  told.add(message);
  try {
    say(`${PREFIX} ${message}`);
  } catch {
    // Nobody listens.
  }
}

/** The text of anything that can be thrown. */
export function messageOf(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return "an error that cannot be shown";
  }
}
