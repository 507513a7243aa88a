/** A node of the engine's parse of a statement, as `EXPLAIN AST` tells it. */
export interface SyntaxNode {
  /** `Function`, `TableIdentifier`, … */
  readonly type: string;
  /** What stands behind the type, without alias and number of children: a function's or a column's name. */
  readonly name: string;
  readonly children: SyntaxNode[];
}

/**
 * Reads the rows of `EXPLAIN AST`: one node each, indented by its depth. Names must hold no line
 * breaks. Undefined when the rows are no tree.
 */
export function readSyntaxTree(rows: readonly string[]): SyntaxNode | undefined {
  const open: SyntaxNode[] = [];
  let root: SyntaxNode | undefined;
  for (const row of rows) {
    const found = /^( *)(\S+)(.*)$/.exec(row);
    if (!found) return undefined;
    const [, indent = "", type = "", rest = ""] = found;
    const node: SyntaxNode = { type, name: nameOf(rest), children: [] };
    if (indent.length === 0 ? root !== undefined : indent.length > open.length) return undefined;
    if (indent.length === 0) root = node;
    else open[indent.length - 1]!.children.push(node);
    open.length = indent.length;
    open.push(node);
  }
  return root;
}

/** Up to the alias: no function, view or column that matters has ` (` in its name, and an alias may hold anything. */
function nameOf(rest: string): string {
  return (rest.split(" (", 1)[0] ?? "").trim();
}
