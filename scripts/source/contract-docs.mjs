/** Files that others write parts against: every export and every member says what it means. */
const CONTRACTS =
  /^packages\/(?!web)[a-z]+\/src\/(redactor|detector|wire|hook|evaluator|receiver|dialect|processor|query|store|journal\/journal|command)\.ts$/;

/** Members whose name is the whole story. */
const OBVIOUS = new Set(["constructor", "name", "summary"]);

/** @typedef {import("./syntax.mjs").Source} Source */
/** @typedef {import("./syntax.mjs").SyntaxNode} SyntaxNode */

/**
 * @param {Source} source
 * @param {SyntaxNode} node
 * @returns {boolean} whether a documentation comment ends right before it
 */
function isDocumented(source, node) {
  return source.comments.some(
    (comment) =>
      comment.type === "Block" &&
      comment.value.startsWith("*") &&
      comment.end <= node.start &&
      /^\s*$/.test(source.text.slice(comment.end, node.start)),
  );
}

/**
 * @param {SyntaxNode} declaration of an interface or a class
 * @returns {SyntaxNode[]}
 */
function membersOf(declaration) {
  if (declaration.type !== "TSInterfaceDeclaration" && declaration.type !== "ClassDeclaration") return [];
  const body = /** @type {{ body?: SyntaxNode[] }} */ (declaration.body);
  return (body.body ?? []).filter((member) => {
    const key = /** @type {{ name?: string }} */ (member.key ?? {});
    return member.override !== true && !OBVIOUS.has(key.name ?? "");
  });
}

/**
 * What a contract leaves unsaid; nothing for files that are no contract.
 *
 * @param {string} file below the root
 * @param {Source} source
 * @returns {string[]}
 */
export function checkContract(file, source) {
  if (!CONTRACTS.test(file)) return [];
  /** @type {string[]} */
  const problems = [];
  const statements = /** @type {SyntaxNode[]} */ (source.program.body);
  for (const statement of statements) {
    if (statement.type !== "ExportNamedDeclaration" || !statement.declaration) continue;
    const declaration = /** @type {SyntaxNode} */ (statement.declaration);
    for (const node of [statement, ...membersOf(declaration)])
      if (!isDocumented(source, node))
        problems.push(`${file}:${source.lineOf(node.start)}: part of a contract and not documented`);
  }
  return problems;
}
