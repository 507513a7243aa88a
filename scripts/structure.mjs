/*
 * How the sources are built: names, sizes, exports, casts, words. `node scripts/structure.mjs [folder …]`.
 * Each rule has its exceptions beside it, with the reason; the lists are meant to stay short.
 */
import { relative, join } from "node:path";
import { filesBelow, PACKAGES } from "./source/files.mjs";
import { checkContract } from "./source/contract-docs.mjs";
import { parseFile, walk } from "./source/syntax.mjs";
import { checkWords } from "./source/words.mjs";

const root = join(import.meta.dirname, "..");

/** Just above the ninth decile of the strictest code bases looked at; see docs/decisions. */
const MAX_FILE_LINES = 300;
const MAX_TEST_LINES = 600;
const MAX_FUNCTION_LINES = 50;
/** In a .tsx file: markup takes a line for what code says in a word. */
const MAX_COMPONENT_LINES = 70;
/** Casts (`x as T`, not `as const`) per 1,000 lines of a package, tests left out. */
const MAX_CASTS_PER_1000_LINES = 3;
/** A package of a few hundred lines may have this many. */
const MIN_CASTS = 8;
/** Packages with another measure. */
const CASTS_PER_1000_LINES = new Map([
  ["sdk", 6], // other people's objects, globals and JSON have no type that could be trusted
  ["server", 8], // rows and messages come back from the engine and from JSON without a type
]);

const FOLDERS = [...PACKAGES.map((name) => `packages/${name}/src`), "scripts", "e2e", "examples", "benchmarks"];
const NAME =
  /^(_template|[a-z0-9]+(-[a-z0-9]+)*)(\.(web|d|module|worker|contract|data)){0,2}(\.(test|bench))?\.[a-z0-9]+$/;
const FOLDER_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Names under which everything ends up. */
const EMPTY_NAMES = /^(utils?|shared|common|helpers?|misc|lib|core|stuff)(\.|$)/;

/**
 * Files and functions that may be longer than the rest.
 *
 * @type {Map<string, string>}
 */
const LONG = new Map([["packages/server/src/engine/span-row.ts#spanRowOf", "one line for each column of the table"]]);

/** @typedef {import("./source/syntax.mjs").Source} Source */
/** @typedef {import("./source/syntax.mjs").SyntaxNode} SyntaxNode */

/** @type {string[]} */
const problems = [];
/** @type {Map<string, { casts: string[], lines: number }>} */
const castsByPackage = new Map();

/** @param {string} file */
const isTest = (file) => /\.(test|bench)\.(tsx?|mjs)$|\/(testing|fixture)\/|^(e2e|benchmarks)\//.test(file);

/** @param {string} file */
function checkName(file) {
  const [name = "", ...folders] = file.split("/").reverse();
  if (!NAME.test(name) && name !== "README.md") problems.push(`${file}: file names are kebab-case`);
  if (EMPTY_NAMES.test(name) && !isTest(file)) problems.push(`${file}: the name says nothing of what is in it`);
  for (const folder of folders)
    if (!FOLDER_NAME.test(folder)) problems.push(`${file}: folder names are kebab-case (${folder})`);
    else if (EMPTY_NAMES.test(folder)) problems.push(`${file}: the folder ${folder} would take in everything`);
}

/**
 * @param {string} file
 * @param {Source} source
 */
function checkSize(file, source) {
  const lines = source.text.split("\n").length - 1;
  const most = isTest(file) ? MAX_TEST_LINES : MAX_FILE_LINES;
  if (lines > most && !LONG.has(file)) problems.push(`${file}: ${lines} lines; at most ${most}`);
  if (isTest(file)) return;
  walk(source.program, (node, parents) => {
    if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) return;
    const first = source.lineOf(node.start);
    const count = source.lineOf(node.end) - first + 1;
    const most = file.endsWith(".tsx") ? MAX_COMPONENT_LINES : MAX_FUNCTION_LINES;
    if (count > most && !LONG.has(`${file}#${functionName(node, parents)}`))
      problems.push(`${file}:${first}: function ${functionName(node, parents)} has ${count} lines; at most ${most}`);
  });
}

/**
 * @param {SyntaxNode} node
 * @param {readonly SyntaxNode[]} parents
 */
function functionName(node, parents) {
  for (const candidate of [node, parents.at(-1)]) {
    const id = /** @type {{ name?: string } | undefined} */ (candidate?.id ?? candidate?.key);
    if (id?.name) return id.name;
  }
  return "(unnamed)";
}

/**
 * @param {string} file
 * @param {Source} source
 */
function checkLanguage(file, source) {
  const configures = file.endsWith(".config.ts");
  walk(source.program, (node) => {
    const at = `${file}:${source.lineOf(node.start)}`;
    if (node.type === "ExportDefaultDeclaration" && !configures) problems.push(`${at}: exports have names`);
    if (node.type === "ExportAllDeclaration") problems.push(`${at}: export * hides what the surface is`);
    if (node.type === "TSAnyKeyword") problems.push(`${at}: any turns the checks off; unknown asks for one`);
    if (file.startsWith("packages/sdk/src/") && !isTest(file) && isFunctionForProperty(node))
      problems.push(`${at}: a function that is kept with all it sees (docs/decisions/0036): give it a name first`);
  });
}

/**
 * V8 allocates what is assigned like this among what is old.
 *
 * @param {SyntaxNode} node
 */
function isFunctionForProperty(node) {
  const { left, right } = /** @type {{ left?: SyntaxNode, right?: SyntaxNode }} */ (node);
  return (
    node.type === "AssignmentExpression" && left?.type === "MemberExpression" && /Function/.test(right?.type ?? "")
  );
}

/**
 * @param {string} file
 * @param {Source} source
 */
function countCasts(file, source) {
  const [, name = ""] = file.split("/");
  if (!file.startsWith("packages/") || isTest(file)) return;
  const counted = castsByPackage.get(name) ?? { casts: [], lines: 0 };
  castsByPackage.set(name, counted);
  counted.lines += source.text.split("\n").length;
  walk(source.program, (node) => {
    if (node.type !== "TSAsExpression" && node.type !== "TSTypeAssertion") return;
    const target = source.text.slice(node.start, node.end);
    if (!/\bas const$/.test(target)) counted.casts.push(`${file}:${source.lineOf(node.start)}`);
  });
}

function checkCasts() {
  for (const [name, { casts, lines }] of castsByPackage) {
    const most = Math.max(
      MIN_CASTS,
      Math.ceil((lines / 1000) * (CASTS_PER_1000_LINES.get(name) ?? MAX_CASTS_PER_1000_LINES)),
    );
    if (casts.length > most)
      problems.push(`packages/${name}: ${casts.length} casts, at most ${most}:\n    ${casts.join("\n    ")}`);
  }
}

/**
 * Each decision has a number of its own: two branches like to take the same.
 *
 * @param {readonly string[]} files
 */
function checkDecisions(files) {
  /** @type {Map<string, string>} */
  const taken = new Map();
  for (const file of files) {
    const number = /^docs\/decisions\/(\d{4})-/.exec(file)?.[1];
    if (number === undefined) continue;
    const other = taken.get(number);
    if (other !== undefined) problems.push(`${file}: the number is taken by ${other}`);
    taken.set(number, file);
  }
}

const wanted = process.argv.slice(2).map((folder) => relative(root, join(process.cwd(), folder)));
/** @param {string} file */
const isWanted = (file) => wanted.length === 0 || wanted.some((folder) => file.startsWith(folder));

for (const file of FOLDERS.flatMap((folder) => filesBelow(join(root, folder))).map((path) => relative(root, path))) {
  if (!isWanted(file)) continue;
  checkName(file);
  if (!/\.(tsx?|mjs)$/.test(file)) continue;
  const source = parseFile(join(root, file));
  checkSize(file, source);
  checkLanguage(file, source);
  countCasts(file, source);
  problems.push(...checkContract(file, source));
}
if (wanted.length === 0) checkCasts();
const texts = filesBelow(root).map((path) => relative(root, path));
checkDecisions(texts);
problems.push(...texts.filter(isWanted).flatMap((file) => checkWords(root, file)));

for (const problem of problems) console.error(problem);
if (problems.length > 0) console.error(`\n${problems.length} things that scripts/structure.mjs does not allow.`);
process.exitCode = problems.length > 0 ? 1 : 0;
