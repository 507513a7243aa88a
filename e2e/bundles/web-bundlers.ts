import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { build as esbuild, type Metafile } from "esbuild";
import { build as vite } from "vite";

/** Bundles the page of `folder/web` and its worker; answers with the folder to serve. */
export type WebBundler = (folder: string) => Promise<string>;

async function byEsbuild(folder: string): Promise<string> {
  const outdir = join(folder, "esbuild-page");
  await esbuild({
    entryPoints: ["page", "worker"].map((name) => join(folder, "web", `${name}.mjs`)),
    outExtension: { ".js": ".mjs" },
    outdir,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    logLevel: "error",
  });
  await copyFile(join(folder, "web", "index.html"), join(outdir, "index.html"));
  return outdir;
}

async function byVite(folder: string): Promise<string> {
  const outDir = join(folder, "vite-page");
  await vite({
    root: join(folder, "web"),
    configFile: false,
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
    worker: { format: "es" },
  });
  return outDir;
}

/** Each by what it is called in the tests. */
export const WEB_BUNDLERS: readonly (readonly [name: string, bundler: WebBundler])[] = [
  ["esbuild", byEsbuild],
  ["Vite", byVite],
];

/** Bundles a program for one kind of place into one file; what is loaded when it is wanted is in it. */
export async function oneFile(folder: string, program: string, conditions: readonly string[]): Promise<string> {
  const outfile = join(folder, `${conditions.join("-")}.mjs`);
  await esbuild({
    entryPoints: [join(folder, program)],
    conditions: [...conditions],
    outfile,
    external: ["cloudflare:workers"],
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    logLevel: "error",
  });
  return outfile;
}

/** The SDK alone, shortened, as a page's bundler makes it: its files with what they import. */
export async function bundleAlone(folder: string): Promise<Metafile["outputs"]> {
  const { metafile } = await esbuild({
    stdin: { contents: 'export * from "@telltale/sdk";', resolveDir: folder },
    outdir: join(folder, "alone"),
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    metafile: true,
  });
  return metafile.outputs;
}
