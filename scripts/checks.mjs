import { join } from "node:path";
import { filesBelow, PACKAGES } from "./source/files.mjs";

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string[][]} commands each a script for Node and its parameters, run one after the other
 * @property {string} hint what to do when it fails
 */

const root = join(import.meta.dirname, "..");

/** @param {string} path below node_modules */
const tool = (path) => join(root, "node_modules", path);
/** @param {string} name */
const script = (name) => join(root, "scripts", name);

const compiler = tool("typescript/bin/tsc");

/** Folders with a tsconfig.json of their own. */
const TYPED = [...PACKAGES.map((name) => `packages/${name}`), "scripts", "examples", "e2e", "benchmarks"];

/**
 * What can be said of the sources without running them.
 *
 * @type {Check[]}
 */
export const CHECKS = [
  {
    name: "types",
    commands: [
      ...TYPED.filter((folder) => filesBelow(join(root, folder)).some((file) => /\.(tsx?|mjs)$/.test(file))),
      // What runs without Node is held to what there is without Node.
      "packages/sdk/tsconfig.web.json",
    ].map((project) => [compiler, "-p", join(root, project)]),
    hint: "The compiler's messages are above.",
  },
  {
    name: "lint",
    commands: [[tool("oxlint/bin/oxlint"), "--type-aware", "--deny-warnings", root]],
    hint: "The rules are in .oxlintrc.json.",
  },
  {
    name: "format",
    commands: [[tool("oxfmt/bin/oxfmt"), "--check", root]],
    hint: "Run: npx oxfmt",
  },
  {
    name: "structure",
    commands: [[script("structure.mjs")]],
    hint: "The rules and their few exceptions are in scripts/structure.mjs and CONTRIBUTING.md.",
  },
  {
    name: "lists",
    commands: [[script("lists.mjs"), "--check"]],
    hint: "Run: npm run lists",
  },
  {
    name: "prices",
    commands: [[script("prices.mjs"), "--check"]],
    hint: "Run: npm run prices",
  },
  {
    name: "imports",
    commands: [[script("imports.mjs")]],
    hint: "Who may import whom is the table in scripts/imports.mjs.",
  },
  {
    name: "docs",
    commands: [["--conditions=development", script("docs.mjs"), "--check"]],
    hint: "Run: npm run docs",
  },
];
