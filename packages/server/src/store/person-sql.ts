import { type Store, StoreError } from "../store.ts";
import { type PersonFunctions, personFunctions } from "./person-functions.ts";
import { readSyntaxTree, type SyntaxNode } from "./syntax-tree.ts";

/** Longer than any question a person writes; the engine parses all of it before anything else. */
const MOST_CHARACTERS = 100_000;

/** Parts of a SELECT that are understood here. Anything else is refused, also what a later engine adds. */
const PARTS = new Set([
  "ArrayJoin",
  "Asterisk",
  "ColumnsExceptTransformer",
  "ColumnsListMatcher",
  "ColumnsRegexpMatcher",
  "ColumnsReplaceTransformer",
  "ColumnsReplaceTransformer::Replacement",
  "ColumnsTransformerList",
  "ExpressionList",
  "Function",
  "Identifier",
  "InterpolateElement",
  "Literal",
  "OrderByElement",
  "QualifiedAsterisk",
  "SampleRatio",
  "SelectIntersectExceptQuery",
  "SelectQuery",
  "SelectWithUnionQuery",
  "Subquery",
  "TableExpression",
  "TableIdentifier",
  "TableJoin",
  "TablesInSelectQuery",
  "TablesInSelectQueryElement",
  "WindowDefinition",
  "WindowListElement",
  "WithElement",
]);

/** What a refused part is called in SQL. */
const PART_NAMES: Readonly<Record<string, string>> = {
  Set: "SETTINGS",
  ColumnsApplyTransformer: "APPLY",
};

const ONLY_SELECT =
  "Only a single SELECT is allowed (also WITH … SELECT, EXPLAIN SELECT, DESCRIBE TABLE, SHOW TABLES).";

/**
 * Checks SQL that a person wrote and returns the statement to run: the engine's own parse of it,
 * written out again without comments. Run that, on the store's `person` lane, and never the
 * original. Throws `bad-query` with the reason.
 *
 * The engine's parser says what the statement is, so that nothing is read differently here than
 * there; every part, function and table must then be one that is known to be harmless. The lane
 * adds a locked read-only session without rights on files or addresses.
 */
export async function checkPersonSql(sql: string, store: Store): Promise<string> {
  if (sql.length > MOST_CHARACTERS) throw refusal(`The SQL is longer than ${MOST_CHARACTERS} characters.`);
  const statement = await parsed(sql, store);
  if (statement === "SHOW TABLES" || statement === "SHOW TABLES FROM telltale_v1")
    return "SHOW TABLES FROM telltale_v1";
  if (!/^(?:\(|SELECT |WITH |EXPLAIN |DESCRIBE TABLE )/.test(statement)) throw refusal(ONLY_SELECT);
  const tree = await syntaxTree(statement, store);
  check(innerSelect(tree), await personFunctions(store));
  return statement;
}

/** The statement as the engine reads it, on one line. The text goes in as a value: nothing of it runs. */
async function parsed(sql: string, store: Store): Promise<string> {
  const [row = [""]] = await rows("SELECT formatQuerySingleLine({sql:String})", store, { sql });
  const statement = String(row[0]).trim();
  const names = statement.replaceAll(/'(?:[^'\\]|\\[\s\S]|'')*'/g, "''");
  if (/[\0-\x1f\\]/.test(names))
    throw refusal("Names may not contain line breaks, other control characters or backslashes.");
  if (names.includes("{")) throw refusal("Parameters like {name:Type} are not allowed: write the value.");
  // Saved states of aggregate functions are raw memory to the engine.
  if (/AggregateFunction\s*\(/i.test(statement)) throw refusal("The type AggregateFunction is not allowed.");
  return statement;
}

async function syntaxTree(statement: string, store: Store): Promise<SyntaxNode> {
  const answer = await rows(`EXPLAIN AST ${statement}`, store);
  const tree = readSyntaxTree(answer.map((row) => String(row[0])).filter((row) => row !== ""));
  if (!tree) throw refusal(ONLY_SELECT);
  return tree;
}

async function rows(sql: string, store: Store, parameters: Record<string, string> = {}): Promise<unknown[][]> {
  const bytes = await store.read(sql, parameters, { lane: "person", maxSeconds: 5, format: "JSONCompact" });
  return (JSON.parse(new TextDecoder().decode(bytes)) as { data: unknown[][] }).data;
}

/** The SELECT of an EXPLAIN, the table of a DESCRIBE, or the statement itself. */
function innerSelect(tree: SyntaxNode): SyntaxNode {
  if (tree.type === "SelectWithUnionQuery") return tree;
  const [only, ...others] = tree.children;
  if (!only || others.some((part) => part.type === "Set")) throw refusal(ONLY_SELECT);
  if (tree.type === "Explain" && only.type === "SelectWithUnionQuery" && others.length === 0) return only;
  if (tree.type === "Explain" && only.type === "Set") throw refusal("Settings of EXPLAIN are not allowed.");
  if (tree.type === "DescribeQuery" && only.type === "TableExpression" && others.length === 0) return only;
  throw refusal(ONLY_SELECT);
}

function check(node: SyntaxNode, functions: PersonFunctions): void {
  if (!PARTS.has(node.type)) throw refusal(`${PART_NAMES[node.type] ?? node.type} is not allowed.`);
  switch (node.type) {
    case "SelectWithUnionQuery":
      // More than the list of its SELECTs: where to write the answer, in which format, with which settings.
      if (node.children.length !== 1) throw refusal("INTO OUTFILE, FORMAT and SETTINGS are not allowed.");
      break;
    case "TableExpression":
      checkTableExpression(node);
      break;
    case "TableIdentifier":
      checkTable(node.name);
      break;
    case "Function":
      checkFunction(node, functions);
      break;
  }
  for (const child of node.children) check(child, functions);
}

function checkTableExpression(node: SyntaxNode): void {
  const [table] = node.children;
  if (table?.type === "Function") throw refusal(`Table functions are not allowed: ${table.name}.`);
  if (table?.type !== "TableIdentifier" && table?.type !== "Subquery") throw refusal("This FROM is not allowed.");
}

/** A bare name is a view of `telltale_v1`, the lane's database, or a name of the statement's own WITH. */
function checkTable(name: string): void {
  if (!/^(?:telltale_v1\.)?\w+$/.test(name)) {
    throw refusal(`${name} is not a table here. The tables are traces and spans (SHOW TABLES).`);
  }
}

const SETS = /^(?:global)?(?:not)?(?:null)?in(?:ignoreset)?$/i;

function checkFunction(node: SyntaxNode, functions: PersonFunctions): void {
  if (!functions.allows(node.name)) throw refusal(`The function ${node.name} is not allowed.`);
  for (const list of node.children) {
    for (const argument of list.children) {
      // A function's bare name as an argument stands for the function: arrayMap(lower, names).
      if (argument.type === "Identifier" && functions.forbids(argument.name)) {
        throw refusal(`The function ${argument.name} is not allowed. If it is a name of yours, choose another.`);
      }
    }
  }
  const set = SETS.test(node.name) ? node.children[0]?.children[1] : undefined;
  if (set?.type === "Identifier") checkTable(set.name);
}

function refusal(message: string): StoreError {
  return new StoreError("bad-query", message);
}
