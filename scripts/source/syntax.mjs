import { readFileSync } from "node:fs";
import { parseSync } from "oxc-parser";

/**
 * A node of the syntax tree, as far as the checks look at it.
 *
 * @typedef {{ type: string, start: number, end: number, [key: string]: unknown }} SyntaxNode
 */

/**
 * @typedef {object} Source
 * @property {string} path
 * @property {string} text
 * @property {SyntaxNode} program
 * @property {readonly import("oxc-parser").Comment[]} comments
 * @property {(offset: number) => number} lineOf 1 for the first
 */

/**
 * Reads and parses a TypeScript or JavaScript file; throws where it cannot be parsed.
 *
 * @param {string} path
 * @returns {Source}
 */
export function parseFile(path) {
  const text = readFileSync(path, "utf8");
  const { program, comments, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  const starts = [0];
  for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", index + 1)) starts.push(index + 1);
  const lineOf = (/** @type {number} */ offset) => {
    let line = 1;
    while (line < starts.length && (starts[line] ?? Infinity) <= offset) line++;
    return line;
  };
  return { path, text, program: /** @type {any} */ (program), comments, lineOf };
}

/**
 * Visits a node and everything below it.
 *
 * @param {unknown} node
 * @param {(node: SyntaxNode, parents: readonly SyntaxNode[]) => void} visit
 * @param {SyntaxNode[]} [parents]
 */
export function walk(node, visit, parents = []) {
  if (Array.isArray(node)) for (const child of node) walk(child, visit, parents);
  else if (isNode(node)) {
    visit(node, parents);
    parents.push(node);
    for (const key of Object.keys(node)) if (key !== "parent") walk(node[key], visit, parents);
    parents.pop();
  }
}

/**
 * @param {unknown} value
 * @returns {value is SyntaxNode}
 */
function isNode(value) {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

/**
 * Every module that a file names, with how: import, export from, or import().
 *
 * @param {Source} source
 * @returns {{ from: string, typeOnly: boolean, dynamic: boolean, line: number }[]}
 */
export function importsOf(source) {
  /** @type {ReturnType<typeof importsOf>} */
  const found = [];
  walk(source.program, (node) => {
    if (
      !["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration", "ImportExpression"].includes(node.type)
    )
      return;
    if (!isNode(node.source) || typeof node.source.value !== "string") return;
    const specifiers = Array.isArray(node.specifiers) ? node.specifiers : [];
    const kind = node.importKind ?? node.exportKind;
    found.push({
      from: node.source.value,
      typeOnly: kind === "type" || (specifiers.length > 0 && specifiers.every((one) => one.importKind === "type")),
      dynamic: node.type === "ImportExpression",
      line: source.lineOf(node.start),
    });
  });
  return found;
}
