/*
 * npm run docs: writes docs/reference/ from the parts themselves. With --check it only says which page is stale.
 * Runs the sources, so it starts itself again with the condition that resolves packages to them.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { filesBelow } from "./source/files.mjs";
import { runForeground } from "./setup/run-foreground.mjs";

const root = join(import.meta.dirname, "..");
const folder = join(root, "docs", "reference");
const CONDITION = "--conditions=development";

/** Pages by file name, each by a script of scripts/reference/ that exports `page`. */
const PAGES = ["api", "cli", "configuration", "filter", "sdk", "sql"];

/**
 * @param {boolean} onlyCheck
 * @returns {Promise<number>} how many pages are stale
 */
async function writePages(onlyCheck) {
  let stale = 0;
  mkdirSync(folder, { recursive: true });
  for (const name of PAGES) {
    const { page } = await import(`./reference/${name}.mjs`);
    const file = join(folder, `${name}.md`);
    const text = `<!-- Written by \`npm run docs\` from the sources. -->\n\n${page(root)}`;
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    stale++;
    if (onlyCheck) console.error(`docs/reference/${name}.md is stale`);
    else {
      writeFileSync(file, text);
      console.log(`wrote docs/reference/${name}.md`);
    }
  }
  return stale;
}

/**
 * Links of the repository's texts to files that are not there.
 *
 * @returns {string[]}
 */
function brokenLinks() {
  const texts = filesBelow(root).filter((file) => file.endsWith(".md") && !file.startsWith(join(root, "fixtures")));
  return texts.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .filter(([, target = ""]) => !existsSync(join(dirname(file), target)))
      .map(([, target]) => `${relative(root, file)}: there is no ${target}`),
  );
}

const parameters = process.argv.slice(2);
if (process.execArgv.includes(CONDITION)) {
  const stale = await writePages(parameters.includes("--check"));
  const broken = brokenLinks();
  for (const line of broken) console.error(line);
  process.exitCode = (stale > 0 && parameters.includes("--check")) || broken.length > 0 ? 1 : 0;
} else {
  const script = join(import.meta.dirname, "docs.mjs");
  process.exitCode = await runForeground(process.execPath, [CONDITION, script, ...parameters]);
}
