import { readFileSync } from "node:fs";

/** The version of this package, the same from the sources and from the build. */
export function readVersion(): string {
  const { version }: { version: string } = JSON.parse(
    readFileSync(new URL("../package.json", import.meta.url), "utf8"),
  );
  return version;
}
