import { readdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "../../scripts/build.mjs";
import { installWhenNeeded, isInstalled } from "../../scripts/setup/install.mjs";
import { isBuilt } from "../../scripts/source/build-stamp.mjs";

const root = join(import.meta.dirname, "..", "..");
const peersFolder = join(root, "benchmarks", "peers");
/** Only the client: for what needs no package beside it. */
const CLIENT = "client";

export const SDK_FOLDER: string = join(root, "packages", "sdk");

/** Names of the SDKs of others, each a folder with a lock file and a `watch.cjs`. */
export const PEERS: readonly string[] = readdirSync(peersFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== CLIENT)
  .map((entry) => entry.name);

/** The folder whose openai client the variant watches; that of the repository where nothing could be installed. */
export function clientFolderOf(variant: string): string {
  const folder = join(peersFolder, PEERS.includes(variant) ? variant : CLIENT);
  return isInstalled(folder) ? folder : root;
}

/**
 * Builds the SDK and installs the peers, where that has not been done.
 *
 * @returns those of the variants that can be run
 */
export async function prepare(variants: readonly string[]): Promise<string[]> {
  if (!isBuilt(root) && (await build()) !== 0) throw new Error("The SDK did not build; see above.");
  // Without a network, each peer would be tried for minutes.
  process.env.npm_config_fetch_retries ??= "1";
  await installWhenNeeded(join(peersFolder, CLIENT));
  const usable: string[] = [];
  for (const name of variants)
    if (!PEERS.includes(name) || (await installWhenNeeded(join(peersFolder, name))) === 0) usable.push(name);
  return usable;
}
