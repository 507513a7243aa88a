import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { oneCore } from "./one-core.mjs";

/**
 * @typedef {object} Entry
 * @property {string} source below the package
 * @property {string} target below the package
 * @property {boolean} browser whether it is for places without Node's own modules
 */

/** Conditions under which a package is asked for by something that is not Node. */
const WITHOUT_NODE = new Set(["browser", "worker", "workerd", "edge-light"]);

/**
 * The files that a package.json promises, each with the source it is made of: every place of its `exports` and `imports`
 * that has `development` beside `default`.
 *
 * @param {unknown} exports
 * @param {boolean} [browser]
 * @returns {Entry[]}
 */
export function entriesOf(exports, browser = false) {
  if (typeof exports !== "object" || exports === null) return [];
  const { development, default: target } = /** @type {Record<string, unknown>} */ (exports);
  const own = typeof development === "string" && typeof target === "string";
  const entries = [
    ...(own ? [{ source: development, target, browser }] : []),
    ...Object.entries(exports).flatMap(([key, value]) => entriesOf(value, browser || WITHOUT_NODE.has(key))),
  ];
  // Several conditions may ask for one file.
  return [...new Map(entries.map((entry) => [entry.target, entry])).values()];
}

/**
 * Puts a package and what it uses of the other packages into few files, which need nothing installed beside them: a
 * part that is rarely wanted is a file of its own, loaded when it is. Throws when anything of node_modules would be
 * put in: then a module of ours needs it, and has to be divided.
 *
 * @param {string} folder of the package
 */
export async function bundle(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const entries = [...entriesOf(manifest.exports), ...entriesOf(manifest.imports)];
  for (const browser of new Set(entries.map((entry) => entry.browser))) {
    const mine = entries.filter((entry) => entry.browser === browser);
    /** @type {import("esbuild").BuildOptions} */
    const options = {
      outdir: join(folder, "dist"),
      bundle: true,
      splitting: true,
      format: "esm",
      platform: browser ? "browser" : "node",
      target: "es2024",
      conditions: ["development"],
      chunkNames: "chunks/[name]-[hash]",
      // What the package names for itself is chosen where it is used.
      external: Object.keys({ ...manifest.peerDependencies, ...manifest.imports }),
      minifySyntax: true,
      minifyWhitespace: true,
      logLevel: "warning",
      // The list of the core names modules for nothing but their place.
      logOverride: { "ignored-bare-import": "silent" },
    };
    if (browser) options.plugins = [webFiles(join(folder, "src"))];
    if (browser) options.inject = [join(folder, "src", "platform", "buffer.web.ts")];
    const apart = new Set(Object.keys(manifest.imports ?? {}));
    const core =
      browser || apart.size === 0 ? [] : [await oneCore(options, join(folder, mine[0]?.source ?? ""), apart)];
    const { metafile } = await build({
      ...options,
      plugins: [...(options.plugins ?? []), ...core],
      entryPoints: mine.map(({ source, target }) => ({ in: join(folder, source), out: nameOf(target) })),
      metafile: true,
    });
    for (const { inputs } of Object.values(metafile.outputs))
      for (const [input, { bytesInOutput }] of Object.entries(inputs))
        if (bytesInOutput > 0 && /(^|\/)node_modules\//.test(input))
          throw new Error(`${input} would be put into ${manifest.name}.`);
  }
  keepDeclarations(
    join(folder, "dist"),
    entries.map(({ target }) => target.replace(/\.js$/, ".d.ts")).map((file) => join(folder, file)),
  );
}

/**
 * Puts `<name>.web.ts` in the place of `<name>.ts`, as `moduleSuffixes` does for the compiler.
 *
 * @param {string} folder of the sources
 * @returns {import("esbuild").Plugin}
 */
function webFiles(folder) {
  return {
    name: "web-files",
    setup(building) {
      building.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
        const found = join(resolveDir, path.replace(/\.ts$/, ".web.ts"));
        return found.startsWith(folder) && existsSync(found) ? { path: found } : undefined;
      });
    },
  };
}

/** @param {string} target */
const nameOf = (target) => target.replace(/^\.\/dist\//, "").replace(/\.js$/, "");

/**
 * Leaves those declarations that a user of the package can reach.
 *
 * @param {string} folder
 * @param {string[]} entries
 */
function keepDeclarations(folder, entries) {
  const reached = new Set(entries);
  for (const file of reached)
    for (const specifier of specifiersOf(readFileSync(file, "utf8")))
      if (specifier.startsWith(".")) reached.add(join(dirname(file), specifier.replace(/\.[jt]s$/, ".d.ts")));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of names) if (name.endsWith(".d.ts") && !reached.has(join(folder, name))) rmSync(join(folder, name));
  for (const name of names.filter((one) => !one.includes(".")).toReversed())
    if (readdirSync(join(folder, name)).length === 0) rmSync(join(folder, name), { recursive: true });
}

/**
 * Everything that the text of a module names to be loaded.
 *
 * @param {string} text
 * @returns {string[]}
 */
export function specifiersOf(text) {
  const names = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s*|\brequire\s*\(\s*)(["'])([^"'\s(),]+)\1/gm;
  return Array.from(text.matchAll(names), (match) => match[2] ?? "");
}

/**
 * Names of libraries in a module that are not installed with its package.
 *
 * @param {string} text of a module or a declaration
 * @param {Record<string, unknown>} manifest
 * @returns {string[]}
 */
export function undeclared(text, manifest) {
  const declared = new Set(
    Object.keys({ ...object(manifest.dependencies), ...object(manifest.peerDependencies), [String(manifest.name)]: 0 }),
  );
  return specifiersOf(text).filter((specifier) => {
    if (/^(\.|node:|#)/.test(specifier)) return false;
    return !declared.has(specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
  });
}

/** @param {unknown} value */
const object = (value) => (typeof value === "object" && value !== null ? value : {});
