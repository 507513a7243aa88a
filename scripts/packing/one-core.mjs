import { readFileSync } from "node:fs";
import { extname, resolve } from "node:path";
import { build } from "esbuild";

const CORE = "telltale:core";

/**
 * The modules that `entry` cannot begin without, save those that need `apart`: what is chosen where the package is used
 * may need the others in its turn, and has to find them ready.
 *
 * @param {import("esbuild").BuildOptions} options
 * @param {string} entry
 * @param {ReadonlySet<string>} apart
 * @returns {Promise<string[]>} their full paths
 */
async function coreOf(options, entry, apart) {
  const { metafile } = await build({ ...options, entryPoints: [entry], metafile: true, write: false });
  const inputs = new Map(Object.entries(metafile.inputs));
  const needsApart = new Set();
  /** @param {string} file @param {Set<string>} seen */
  const reach = (file, seen) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { path, kind } of inputs.get(file)?.imports ?? []) {
      if (kind === "dynamic-import") continue;
      if (apart.has(path)) needsApart.add(file);
      reach(path, seen);
      if (needsApart.has(path)) needsApart.add(file);
    }
  };
  const reached = /** @type {Set<string>} */ (new Set());
  for (const file of inputs.keys()) if (resolve(file) === resolve(entry)) reach(file, reached);
  return Array.from(reached)
    .filter((file) => inputs.has(file) && !needsApart.has(file))
    .map((file) => resolve(file));
}

/**
 * Keeps what every program loads in one file. The bundler divides by who needs what, and what ten parts need in ten
 * ways becomes ten files, each of which costs a start half a millisecond and more.
 *
 * @param {import("esbuild").BuildOptions} options of the build that this is for
 * @param {string} entry
 * @param {ReadonlySet<string>} apart
 * @returns {Promise<import("esbuild").Plugin>}
 */
export async function oneCore(options, entry, apart) {
  const core = await coreOf(options, entry, apart);
  const needing = /** @type {Set<string>} */ (new Set());
  return {
    name: "one-core",
    setup(building) {
      building.onResolve({ filter: /./ }, async ({ path, kind, pluginData, ...place }) => {
        if (path === CORE) return { path, namespace: CORE };
        if (pluginData === CORE || (kind !== "entry-point" && kind !== "dynamic-import")) return undefined;
        const found = await building.resolve(path, { ...place, kind, pluginData: CORE });
        if (!found.external) needing.add(found.path);
        return found;
      });
      building.onLoad({ filter: /./, namespace: CORE }, () => ({
        contents: core.map((file) => `import ${JSON.stringify(file)};`).join("\n"),
        resolveDir: process.cwd(),
      }));
      building.onLoad({ filter: /\.[jt]s$/ }, ({ path }) => {
        if (!needing.has(path)) return undefined;
        const loader = extname(path) === ".ts" ? "ts" : "js";
        return { contents: `${readFileSync(path, "utf8")}\nimport "${CORE}";\n`, loader };
      });
    },
  };
}
