import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runForeground } from "./run-foreground.mjs";

/** How often a long installation says that it is still at work, where there is no terminal to draw on. */
const HEARTBEAT_MS = 10_000;

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, devOptional?: boolean,
 *   peer?: boolean, resolved?: string, dependencies?: Record<string, string>,
 *   devDependencies?: Record<string, string> }} LockedPackage
 */

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * Where a package finds another one that it names: beside itself, or further up.
 *
 * @param {Record<string, LockedPackage>} packages
 * @param {string} from
 * @param {string} name
 * @returns {string | undefined}
 */
function locate(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("node_modules/") - 1))) {
    const path = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path]) return path;
    if (folder === "") return undefined;
  }
}

/**
 * What cannot be missing on any machine: reached from the packages of this repository by dependencies that are not
 * optional. `devOptional` alone does not say it: it means needed to develop, or left out, or both.
 *
 * @param {Record<string, LockedPackage>} packages
 * @returns {Set<string>}
 */
function requiredOf(packages) {
  const required = /** @type {Set<string>} */ (new Set());
  /** @param {string} path */
  const visit = (path) => {
    const { dependencies, devDependencies } = packages[path] ?? {};
    const ours = !path.includes("node_modules/");
    for (const name of Object.keys({ ...dependencies, ...(ours ? devDependencies : {}) })) {
      const found = locate(packages, path, name);
      if (found === undefined || required.has(found)) continue;
      required.add(found);
      visit(found);
    }
  };
  for (const path of Object.keys(packages)) if (!path.includes("node_modules/")) visit(path);
  return required;
}

/**
 * Whether node_modules holds what package-lock.json names. npm writes down what it installed in
 * `node_modules/.package-lock.json`, as its last act; packages for other machines are not in it.
 *
 * @param {string} root
 * @returns {boolean}
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const present = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (!wanted || !present) return false;
  const required = requiredOf(wanted);
  return Object.entries(wanted).every(([path, wish]) => {
    if (!path.includes("node_modules/") || wish.optional) return true;
    if (wish.devOptional && !required.has(path)) return true;
    const found = present[path];
    if (!found) return wish.peer === true;
    return found.link === wish.link && found.version === wish.version && found.integrity === wish.integrity;
  });
}

/**
 * npm as it was called, so that no shell and no search is needed; else the one on the path.
 *
 * @returns {{ program: string, parameters: string[] }}
 */
function npm() {
  const script = process.env.npm_execpath;
  if (!script || !/\.[cm]?js$/.test(script) || !existsSync(script)) return { program: "npm", parameters: [] };
  // The Node that runs npm: the one that runs this may lie in the folder that npm is about to replace.
  return { program: process.env.npm_node_execpath ?? process.execPath, parameters: [script] };
}

/**
 * @param {string} root
 * @returns {Promise<number>} 0, or npm's exit code after saying what to do
 */
export async function installWhenNeeded(root) {
  if (isInstalled(root)) return 0;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.error(`Installing the packages that ${join(root, "package-lock.json")} names (a minute or two) …`);
  const heartbeat = setInterval(() => console.error(`  still installing, ${seconds()} s`), HEARTBEAT_MS);
  if (process.stderr.isTTY) clearInterval(heartbeat);
  try {
    const { program, parameters } = npm();
    // Only errors: the warnings are about tools that want a newer Node than the one npm runs on; they get it.
    const quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    const code = await runForeground(program, [...parameters, ...quiet], { cwd: root });
    if (code === 0) console.error(`Installed in ${seconds()} s.`);
    else console.error(`npm ci ended with ${code}. Is the package registry within reach? Try again, or run npm ci.`);
    return code;
  } catch (error) {
    console.error(`npm could not be started: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    clearInterval(heartbeat);
  }
}
