import { existsSync } from "node:fs";
import { join } from "node:path";
import { webDirectory } from "@telltale/web";

/** The built pages of `@telltale/web`; `undefined` when they were not built. */
export function builtPages(): string | undefined {
  return existsSync(join(webDirectory, "index.html")) ? webDirectory : undefined;
}
