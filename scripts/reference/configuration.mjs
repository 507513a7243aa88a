import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commands } from "../../packages/cli/src/commands/index.ts";
import { filesBelow, isForDevelopment, PACKAGES } from "../source/files.mjs";
import { markdownTable } from "./table.mjs";

/** Variables that no option of a command stands for. */
const OTHERS = new Map([
  ["TELLTALE_MAX_REQUEST_BYTES", "largest request after decompression, in bytes; 67108864 (64 MiB) when not set"],
  ["TELLTALE_MAX_BYTES_IN_FLIGHT", "bytes of requests that the receiver holds in memory at once; above it answers 503"],
  [
    "TELLTALE_DEMO_MODEL",
    "the model that the demo asks, where `OPENAI_BASE_URL` or `OPENAI_API_KEY` names a real server",
  ],
  ["TELLTALE_DEMO_EMBEDDING_MODEL", "likewise for its vectors"],
]);

/** Between our own processes; nobody sets them by hand. */
const INTERNAL = new Set(["TELLTALE_ENGINE_OPTIONS"]);

/** Every variable that the sources name, so that none stays untold; those of the SDK have a page of their own. */
function namedVariables(/** @type {string} */ root) {
  const files = PACKAGES.filter((name) => name !== "sdk").flatMap((name) =>
    filesBelow(join(root, "packages", name, "src")),
  );
  return new Set(
    files
      .filter((file) => /\.tsx?$/.test(file) && !isForDevelopment(file))
      .flatMap((file) => readFileSync(file, "utf8").match(/\bTELLTALE_[A-Z_]+\b/g) ?? []),
  );
}

/**
 * Environment variables, from the options of the commands and the list above.
 *
 * @param {string} root
 */
export function page(root) {
  /** @type {Map<string, string[]>} */
  const rows = new Map();
  for (const command of commands)
    for (const [name, option] of Object.entries(command.options)) {
      if (!option.environment) continue;
      const known = rows.get(option.environment);
      const stands = `\`telltale ${command.name} --${name}\``;
      if (known) known[1] = `${known[1]}, ${stands}`;
      else rows.set(option.environment, [`\`${option.environment}\``, stands, option.summary, option.fallback ?? ""]);
    }
  for (const [name, text] of OTHERS) rows.set(name, [`\`${name}\``, "", text, ""]);
  const untold = [...namedVariables(root)].filter((name) => !rows.has(name) && !INTERNAL.has(name));
  if (untold.length > 0)
    throw new Error(`say in scripts/reference/configuration.mjs what these are for: ${untold.join(", ")}`);
  const sorted = [...rows.keys()].sort().map((name) => rows.get(name) ?? []);
  return `# Configuration

Everything has a default that is right on one machine. An option on the line wins over its variable.

${markdownTable(["variable", "stands for", "what it says", "default"], sorted)}

What a program on the SDK listens to stands in [options of the SDK](sdk.md).
`;
}
