/*
 * npm run build: every package from `src/` to `dist/`, in the order they depend on each other.
 * TypeScript for the code that Node runs, Vite for the pages.
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./packing/bundle.mjs";
import { readStamp } from "./source/build-stamp.mjs";
import { filesBelow, isForDevelopment, PACKAGES } from "./source/files.mjs";
import { runForeground } from "./setup/run-foreground.mjs";

const root = join(import.meta.dirname, "..");

/** Packages that are published as a bundle: installed by programs that shall get nothing along with them. */
const BUNDLED = new Set(["sdk"]);

/**
 * SQL, JSON and other files that the code reads beside itself.
 *
 * @param {string} folder of the package
 */
function copyAssets(folder) {
  const source = join(folder, "src");
  for (const file of filesBelow(source)) {
    if (/\.([cm]?tsx?|css)$/.test(file) || isForDevelopment(file)) continue;
    const target = join(folder, "dist", relative(source, file));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(file, target);
  }
}

/**
 * The licence travels with every package.
 *
 * @param {string} name
 */
function copyLicense(name) {
  copyFileSync(join(root, "LICENSE"), join(root, "packages", name, "LICENSE"));
}

/**
 * @param {string} name
 * @returns {Promise<number>} 0, or the exit code of the compiler
 */
async function buildWithTypeScript(name) {
  const folder = join(root, "packages", name);
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  // What stands in for it where there is no Node has types of its own.
  const configurations = ["tsconfig.build.json", "tsconfig.web.build.json"].map((file) => join(folder, file));
  for (const configuration of configurations.filter((file) => existsSync(file))) {
    const code = await runForeground(process.execPath, [compiler, "-p", configuration]);
    if (code !== 0) return code;
  }
  if (BUNDLED.has(name)) {
    await bundle(folder);
    return 0;
  }
  copyAssets(folder);
  const main = join(folder, "dist", "main.js");
  if (existsSync(main)) chmodSync(main, 0o755);
  return 0;
}

/**
 * @param {string} name
 * @returns {Promise<number>}
 */
function buildWithVite(name) {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  const parameters = [vite, "build", "--logLevel", "warn", "--outDir", "dist", "--emptyOutDir"];
  return runForeground(process.execPath, parameters, { cwd: join(root, "packages", name) });
}

/**
 * Builds everything and remembers of which sources it was.
 *
 * @returns {Promise<number>} 0, or the exit code of the tool that refused
 */
export async function build() {
  const remember = readStamp(root);
  for (const name of PACKAGES) {
    const started = performance.now();
    copyLicense(name);
    const code = await (name === "web" ? buildWithVite(name) : buildWithTypeScript(name));
    if (code !== 0) {
      console.error(`packages/${name} did not build; the messages above say why.`);
      return code;
    }
    console.error(`  built packages/${name} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }
  remember();
  return 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) process.exitCode = await build();
