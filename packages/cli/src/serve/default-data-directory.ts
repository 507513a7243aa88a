import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where data goes when nobody says: `$XDG_DATA_HOME/telltale` where that is set (XDG Base Directory
 * Specification), else `.telltale` in the person's home.
 */
export function defaultDataDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment["XDG_DATA_HOME"];
  return base ? join(base, "telltale") : join(homedir(), ".telltale");
}
