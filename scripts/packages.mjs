/*
 * Whether the packages can be published: what `npm pack` puts in is what belongs in, publint and attw find nothing,
 * and nothing in `dist/` points at a source. Run after `npm run build`. Works on a copy of each package, and leaves
 * the tarballs in .cache/tarballs.
 */
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { undeclared } from "./packing/bundle.mjs";
import { publishedManifest } from "./packing/published-manifest.mjs";
import { filesBelow, PACKAGES } from "./source/files.mjs";

const root = join(import.meta.dirname, "..");
const tarballs = join(root, ".cache", "tarballs");
const run = promisify(execFile);

/** What every package may hold, and what one of them holds besides. */
const EVERYWHERE = /^(package\.json|README\.md|LICENSE|dist\/[a-z0-9/.-]+\.(js|d\.ts))$/;
const ALSO = new Map([
  ["rules", /^dist\/prices\/[a-z0-9.-]+\.json$/],
  ["sdk", /^dist\/chunks\/[A-Za-z0-9.-]+\.js$/],
  ["server", /^dist\/schema\/[a-z0-9-]+\.sql$/],
  ["web", /^(index\.(js|d\.ts)|dist\/(index\.html|favicon\.svg|assets\/[A-Za-z0-9_.-]+))$/],
]);
const NEEDED = ["package.json", "README.md", "LICENSE"];
const ENTRY = new Map([
  ["web", "dist/index.html"],
  ["cli", "dist/main.js"],
]);
const NEVER = /\.(test|bench)\.|_template|\/(testing|fixtures)\/|\.map$|\.tsbuildinfo$/;

/** Packages that are programs or files, and that no program imports types from. */
const WITHOUT_TYPES = new Set(["cli", "web"]);

/**
 * @param {string} program below node_modules
 * @param {string[]} parameters
 * @param {string} cwd
 * @returns {Promise<string | undefined>} what it says when it refuses
 */
async function refusalOf(program, parameters, cwd) {
  try {
    await run(process.execPath, [join(root, "node_modules", program), ...parameters], { cwd, maxBuffer: 1e8 });
    return undefined;
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return `${stdout ?? ""}${stderr ?? ""}` || String(error);
  }
}

/**
 * A copy of the package as its `files` and its published package.json make it.
 *
 * @param {string} name
 * @param {string} stage folder to copy to
 */
function copyPackage(name, stage) {
  const folder = join(root, "packages", name);
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const entry of ["README.md", ...manifest.files])
    if (existsSync(join(folder, entry))) cpSync(join(folder, entry), join(stage, entry), { recursive: true });
  cpSync(join(root, "LICENSE"), join(stage, "LICENSE"));
  writeFileSync(join(stage, "package.json"), JSON.stringify(publishedManifest(manifest), null, 2));
}

/**
 * @param {string} stage
 * @returns {Promise<{ tarball: string, files: string[] }>}
 */
async function pack(stage) {
  const parameters = ["pack", "--json", "--ignore-scripts", "--loglevel=error", "--pack-destination", tarballs];
  const { stdout } = await run("npm", parameters, { cwd: stage, maxBuffer: 1e8 });
  const answer = JSON.parse(stdout);
  // A list in older versions of npm, an object by package name in newer ones.
  const [packed] = Array.isArray(answer) ? answer : Object.values(answer);
  return {
    tarball: join(tarballs, basename(packed.filename)),
    files: packed.files.map((/** @type {{ path: string }} */ file) => file.path),
  };
}

/**
 * @param {string} name
 * @param {string[]} files
 * @returns {string[]} what is wrong with the files that are packed
 */
function checkContents(name, files) {
  const also = ALSO.get(name);
  const surplus = files.filter((file) => NEVER.test(file) || !(EVERYWHERE.test(file) || also?.test(file)));
  return [
    ...surplus.map((file) => `packages/${name}: ${file} does not belong into the package`),
    ...[...NEEDED, ENTRY.get(name) ?? "dist/index.js"]
      .filter((file) => !files.includes(file))
      .map((file) => `packages/${name}: ${file} is missing`),
  ];
}

/**
 * `new URL("./x.ts", import.meta.url)` works from the sources and not from `dist/`: no tool rewrites it.
 *
 * @param {string} name
 */
function checkAddresses(name) {
  return filesBelowDist(name, ".js").flatMap((file) =>
    /new URL\(\s*["'`][^"'`]*\.tsx?["'`]/.test(readFileSync(file, "utf8"))
      ? [`${file}: names a source file at run time`]
      : [],
  );
}

/**
 * Whoever installs the package gets its dependencies and nothing else.
 *
 * @param {string} name
 */
function checkLibraries(name) {
  const manifest = JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8"));
  return [...filesBelowDist(name, ".js"), ...filesBelowDist(name, ".d.ts")].flatMap((file) =>
    undeclared(readFileSync(file, "utf8"), manifest).map((library) => `${file}: ${library} is not installed with it`),
  );
}

/**
 * @param {string} name
 * @param {string} ending
 */
function filesBelowDist(name, ending) {
  // `filesBelow` passes over folders called dist, and not over one that it is given.
  return name === "web" ? [] : filesBelow(join(root, "packages", name, "dist")).filter((file) => file.endsWith(ending));
}

/**
 * @param {string} name
 * @returns {Promise<string[]>}
 */
async function checkPackage(name) {
  const stage = mkdtempSync(join(tmpdir(), "telltale-pack-"));
  try {
    copyPackage(name, stage);
    const { tarball, files } = await pack(stage);
    const problems = [...checkContents(name, files), ...checkAddresses(name), ...checkLibraries(name)];
    const published = await refusalOf("publint/src/cli.js", ["run", "--strict", tarball], root);
    if (published) problems.push(`packages/${name}: publint: ${published}`);
    if (WITHOUT_TYPES.has(name)) return problems;
    // ES modules only: Node 22.12 and newer load them with require() as well.
    const parameters = [tarball, "--profile", "esm-only", "--no-emoji", "--no-color"];
    const types = await refusalOf("@arethetypeswrong/cli/dist/index.js", parameters, root);
    if (types) problems.push(`packages/${name}: attw: ${types}`);
    return problems;
  } finally {
    rmSync(stage, { recursive: true });
  }
}

rmSync(tarballs, { recursive: true, force: true });
mkdirSync(tarballs, { recursive: true });
const wanted = process.argv.slice(2);
let count = 0;
for (const name of PACKAGES.filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const problems = await checkPackage(name);
  for (const problem of problems) console.error(problem);
  console.log(`  ${problems.length === 0 ? "ok" : "NO"}  packages/${name}`);
  count += problems.length;
}
process.exitCode = count > 0 ? 1 : 0;
