/*
 * npm run lists: writes the index.ts of every folder of parts, so that adding a part is adding a file.
 * With --check it only says which index is stale. Further arguments are folders to look at.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseSync } from "oxc-parser";

const root = join(import.meta.dirname, "..");

/**
 * Every folder of parts: the type its parts have, which the file of the folder's name in the singular
 * exports. Pages, views and renderers of web/ are not here: Vite finds them by a glob.
 */
const LISTS = [
  { folder: "packages/rules/src/redactors", contract: "redactor", type: "Redactor" },
  { folder: "packages/rules/src/detectors", contract: "detector", type: "Detector" },
  { folder: "packages/sdk/src/hooks", contract: "hook", type: "Hook" },
  { folder: "packages/sdk/src/wires", contract: "wire", type: "Wire" },
  { folder: "packages/evals/src/evaluators", contract: "evaluator", type: "Evaluator" },
  { folder: "packages/server/src/receivers", contract: "receiver", type: "Receiver" },
  { folder: "packages/server/src/dialects", contract: "dialect", type: "Dialect" },
  { folder: "packages/server/src/formats", contract: "format", type: "Format" },
  { folder: "packages/server/src/processors", contract: "processor", type: "Processor" },
  { folder: "packages/server/src/queries", contract: "query", type: "Query" },
  { folder: "packages/cli/src/commands", contract: "command", type: "Command" },
];

/** @param {string} kebab */
const camelCase = (kebab) => kebab.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/**
 * @param {string} folder full path
 * @returns {string[]} names of the parts, sorted
 */
function partsOf(folder) {
  return readdirSync(folder)
    .filter((name) => /^[a-z0-9-]+\.ts$/.test(name) && name !== "index.ts")
    .map((name) => basename(name, ".ts"))
    .sort();
}

/**
 * Parts whose file does not export what its name promises.
 *
 * @param {string} folder full path
 * @param {string[]} parts
 */
function misnamed(folder, parts) {
  return parts.filter((part) => {
    const file = join(folder, `${part}.ts`);
    const { module } = parseSync(file, readFileSync(file, "utf8"));
    const names = module.staticExports.flatMap((statement) => statement.entries.map((entry) => entry.exportName.name));
    return !names.includes(camelCase(part));
  });
}

/**
 * @param {{ folder: string, contract: string, type: string }} list
 * @param {string[]} parts
 */
function indexText({ folder, contract, type }, parts) {
  const list = camelCase(basename(folder));
  const members = parts.map(camelCase);
  const oneLine = `export const ${list}: readonly ${type}[] = [${members.join(", ")}];`;
  const many = `export const ${list}: readonly ${type}[] = [\n${members.map((name) => `  ${name},\n`).join("")}];`;
  return [
    "// Written by `npm run lists` from the files of this folder.",
    `import type { ${type} } from "../${contract}.ts";`,
    ...parts.map((part) => `import { ${camelCase(part)} } from "./${part}.ts";`),
    "",
    `/** Every part of this folder, by name. */`,
    oneLine.length <= 120 ? oneLine : many,
    "",
  ].join("\n");
}

/**
 * @param {{ folder: string, contract: string, type: string }} list
 * @param {boolean} onlyCheck
 * @returns {string[]} what is wrong
 */
function refresh(list, onlyCheck) {
  const folder = join(root, list.folder);
  if (!existsSync(folder)) return [];
  const parts = partsOf(folder);
  if (parts.length === 0) return [];
  const wrong = misnamed(folder, parts).map((part) => `${list.folder}/${part}.ts must export ${camelCase(part)}`);
  if (wrong.length > 0) return wrong;
  const file = join(folder, "index.ts");
  const text = indexText(list, parts);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return [];
  if (onlyCheck) return [`${list.folder}/index.ts is stale`];
  writeFileSync(file, text);
  console.log(`wrote ${list.folder}/index.ts`);
  return [];
}

const parameters = process.argv.slice(2);
const folders = parameters.filter((parameter) => !parameter.startsWith("--"));
const chosen = LISTS.filter(
  ({ folder }) => folders.length === 0 || folders.some((wanted) => folder.startsWith(wanted)),
);
const problems = chosen.flatMap((list) => refresh(list, parameters.includes("--check")));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
