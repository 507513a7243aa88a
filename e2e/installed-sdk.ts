import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publishedManifest } from "../scripts/packing/published-manifest.mjs";

/** A folder in which the SDK is installed as it is published, and nothing else. */
export interface InstalledSdk {
  readonly folder: string;
  /** Writes a program into the folder; its full path. */
  write(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

/** Installs what `npm run build` made of the SDK into a new folder. */
export async function installSdk(): Promise<InstalledSdk> {
  const source = join(import.meta.dirname, "..", "packages", "sdk");
  const folder = await mkdtemp(join(tmpdir(), "telltale-installed-"));
  const target = join(folder, "node_modules", "@telltale", "sdk");
  await mkdir(target, { recursive: true });
  await cp(join(source, "dist"), join(target, "dist"), { recursive: true });
  const manifest = JSON.parse(await readFile(join(source, "package.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(target, "package.json"), JSON.stringify(publishedManifest(manifest)));
  return {
    folder,
    async write(name, text) {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    },
    remove: () => rm(folder, { recursive: true }),
  };
}
