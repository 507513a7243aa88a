/*
 * Who may import whom. `node scripts/imports.mjs [folder …]` tells every import that the tables below do not allow.
 */
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative } from "node:path";
import { filesBelow, PACKAGES } from "./source/files.mjs";
import { importsOf, parseFile } from "./source/syntax.mjs";

const root = join(import.meta.dirname, "..");

/** Down only: which packages of this repository a package may import. */
const MAY_IMPORT = new Map([
  ["model", []],
  ["rules", ["model"]],
  ["sdk", ["model", "rules"]],
  ["evals", ["model", "rules"]],
  ["server", ["model", "rules", "evals"]],
  ["web", ["model"]],
  ["cli", ["model", "sdk", "evals", "server", "web"]],
]);

/** Packages that also run in a browser: none of Node's own modules. */
const WITHOUT_NODE = new Set(["model", "rules", "web"]);

/** Packages whose published form is bundled: what they need is needed to build them, and not installed with them. */
const BUNDLED = new Set(["sdk", "web"]);

/** A library that only one folder may know, so that exchanging it is work in one place. */
const ONLY_IN = [
  { library: /^chdb$/, folder: "packages/server/src/stores/" },
  { library: /^@clickhouse\//, folder: "packages/server/src/stores/" },
  { library: /^(radix-ui|@radix-ui\/)/, folder: "packages/web/src/ui/" },
  { library: /^uplot$/, folder: "packages/web/src/charts/" },
];

/**
 * Packages that are bundled and divided into what is loaded at once and what is loaded when it is wanted. A library's
 * index would tie its rare parts to its common ones, so these import it by its doors (`@telltale/rules/cost`).
 */
const BY_ITS_DOORS = [{ folder: "packages/sdk/", library: "@telltale/rules" }];

/** Folders of interchangeable parts: a part never knows a sibling, and nobody knows a part but the list. */
const FOLDERS_OF_PARTS =
  /^packages\/[a-z]+\/src\/(redactors|detectors|wires|hooks|guards|evaluators|judges|receivers|dialects|formats|processors|forwarders|stores|queries|actions|pages|views|renderers|commands)\//;

/** The process that answers HTTP never loads the engine's native code. */
const FRONT = { entry: "packages/server/src/start-server.ts", never: /^chdb$/ };

/** What the tables above would refuse and is meant. */
/** @type {{ from: string, to: string, typesOnly?: boolean, why: string }[]} */
const ALSO_ALLOWED = [
  {
    from: "packages/web/",
    to: "@telltale/server/api-types",
    typesOnly: true,
    why: "the answers of the API have one description",
  },
  {
    from: "packages/server/src/engine/",
    to: "packages/server/src/stores/",
    why: "the engine opens the one store that its configuration names, and loads no other",
  },
];

/** Debt: what the tables refuse and the code still does, with the reason why it cannot go yet. */
/** @type {typeof ALSO_ALLOWED} */
const DEBT = [];

/**
 * @typedef {object} Import
 * @property {string} file below the root, with `/`
 * @property {string} to a file below the root, or the name as written
 * @property {string | undefined} target file below the root, when it is one of ours
 * @property {boolean} typeOnly
 * @property {boolean} dynamic
 * @property {number} line
 */

/** @param {string} file */
const isTest = (file) => /\.(test|bench)\.tsx?$|\/testing\//.test(file);

/**
 * @param {string} file below the root
 * @returns {Import[]}
 */
function readImports(file) {
  return importsOf(parseFile(join(root, file))).map(({ from, ...rest }) => {
    const target = from.startsWith(".") ? relative(root, join(root, dirname(file), from)) : undefined;
    return { file, to: target ?? from, target, ...rest };
  });
}

/** @param {string} name of a package */
function declaredLibraries(name) {
  const file = join(root, "packages", name, "package.json");
  const { dependencies, peerDependencies, devDependencies, imports } = JSON.parse(readFileSync(file, "utf8"));
  // What is bundled is only needed to build. What a package names for itself (`#name`) needs no installation.
  const forBuilding = BUNDLED.has(name) ? devDependencies : {};
  return new Set(Object.keys({ ...dependencies, ...peerDependencies, ...forBuilding, ...imports }));
}

/** @param {string} specifier */
const libraryOf = (specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/**
 * @param {Import} found
 * @returns {string | undefined} why it may not be
 */
function refusalOfRelative({ file, target = "", to }) {
  const [, name] = file.split("/");
  if (!target.startsWith(`packages/${name}/`)) return "a relative import never leaves its package: name the package";
  if (!/\.(tsx?|css|json|svg|sql)$/.test(to)) return "a relative import is written with its ending (.ts)";
  if (/\.tsx?$/.test(to) && !existsSync(join(root, target))) return "there is no such file";
  const parts = FOLDERS_OF_PARTS.exec(target)?.[0];
  if (!parts || target === `${parts}index.ts`) return undefined;
  if (file === `${parts}index.ts`) return undefined;
  if (file.startsWith(parts)) return "a part never imports its sibling: what both need belongs into a singular folder";
  return "parts are known through their list only (the folder's index.ts)";
}

/**
 * @param {Import} found
 * @param {Set<string>} declared
 * @returns {string | undefined} why it may not be
 */
function refusalOfLibrary({ file, to, typeOnly }, declared) {
  const [, name = ""] = file.split("/");
  if (isBuiltin(to)) {
    if (!to.startsWith("node:")) return "Node's own modules are written with node:";
    return WITHOUT_NODE.has(name) ? `${name} runs in a browser too: none of Node's own modules` : undefined;
  }
  const library = libraryOf(to);
  const ours = /^@telltale\/(.+)$/.exec(library)?.[1];
  if (ours !== undefined && !MAY_IMPORT.get(name)?.some((allowed) => allowed === ours))
    return `${name} may import ${MAY_IMPORT.get(name)?.join(", ") || "no package of this repository"}`;
  if (!typeOnly && BY_ITS_DOORS.some((row) => file.startsWith(row.folder) && to === row.library))
    return `by its index, ${to} is loaded whole at start-up: name one of the doors in its package.json`;
  const place = ONLY_IN.find((row) => row.library.test(to));
  if (place && !file.startsWith(place.folder)) return `only ${place.folder} may know ${library}`;
  return declared.has(library) ? undefined : `${library} is not among the dependencies of packages/${name}`;
}

/**
 * @param {Import} found
 * @returns {boolean}
 */
function isAllowedAnyway({ file, to, target, typeOnly }) {
  return [...ALSO_ALLOWED, ...DEBT].some(
    (row) => file.startsWith(row.from) && (target ?? to).startsWith(row.to) && (typeOnly || !row.typesOnly),
  );
}

/**
 * What the front process loads before anybody asks for more.
 *
 * @returns {string[]} refusals
 */
function checkFront() {
  if (!existsSync(join(root, FRONT.entry))) return [];
  const seen = new Set([FRONT.entry]);
  /** @type {string[]} */
  const refused = [];
  for (const file of seen)
    for (const { to, target, typeOnly, line } of readImports(file)) {
      if (typeOnly) continue;
      if (FRONT.never.test(to)) refused.push(`${file}:${line}: the front process must not load ${to}`);
      if (target && /\.tsx?$/.test(target) && existsSync(join(root, target))) seen.add(target);
    }
  return refused;
}

const wanted = process.argv.slice(2).map((folder) => relative(root, join(process.cwd(), folder)));
/** @type {string[]} */
const refused = [];
for (const name of PACKAGES) {
  const declared = declaredLibraries(name);
  const files = filesBelow(join(root, "packages", name, "src"))
    .map((file) => relative(root, file))
    .filter((file) => /\.tsx?$/.test(file) && !isTest(file))
    .filter((file) => wanted.length === 0 || wanted.some((folder) => file.startsWith(folder)));
  for (const found of files.flatMap(readImports)) {
    const why = found.target === undefined ? refusalOfLibrary(found, declared) : refusalOfRelative(found);
    if (why && !isAllowedAnyway(found)) refused.push(`${found.file}:${found.line}: ${found.to}: ${why}`);
  }
}
refused.push(...checkFront());
for (const line of refused) console.error(line);
if (refused.length > 0) console.error(`\n${refused.length} imports that scripts/imports.mjs does not allow.`);
process.exitCode = refused.length > 0 ? 1 : 0;
