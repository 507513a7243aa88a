import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Real English text: the README files of the installed packages, which compress as prose does. */
function collect(): string {
  const root = join(import.meta.dirname, "../../node_modules");
  let text = "";
  for (const name of readdirSync(root)) {
    if (name.startsWith(".") || name.startsWith("@")) continue;
    for (const file of ["README.md", "readme.md"])
      try {
        text += readFileSync(join(root, name, file), "utf8").slice(0, 20_000);
      } catch {
        // No such file in this package.
      }
    if (text.length > 3_000_000) break;
  }
  return text;
}

const text = collect();

/** A piece of text of so many characters, different for every seed. */
export function prose(seed: number, length: number): string {
  const start = (seed * 7919) % Math.max(1, text.length - length);
  return text.slice(start, start + length);
}
