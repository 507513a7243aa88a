import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built pages of `@telltale/web`; `undefined` when that package is missing or was not built. */
export function webDirectory(): string | undefined {
  try {
    const pages = new URL("./dist/", import.meta.resolve("@telltale/web/package.json"));
    return existsSync(new URL("index.html", pages)) ? fileURLToPath(pages) : undefined;
  } catch {
    return undefined;
  }
}
