import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { COLUMNS } from "./view-columns.mjs";
import { markdownTable } from "./table.mjs";

/**
 * The columns that a view of schema/ has in its last version, in order. A select list is split at the commas outside of brackets.
 *
 * @param {string} sql
 * @param {string} view
 */
function columnsOf(sql, view) {
  const definition = new RegExp(`VIEW telltale_v1\\.${view}[^\\n]*\\sAS\\s+SELECT([\\s\\S]*?)\\nFROM`, "g");
  const select = [...sql.matchAll(definition)].at(-1)?.[1];
  if (!select) throw new Error(`there is no view telltale_v1.${view} in packages/server/src/schema`);
  let depth = 0;
  let item = "";
  const items = [];
  for (const character of select.replace(/--.*$/gm, "")) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) {
      items.push(item);
      item = "";
    } else item += character;
  }
  return [...items, item].map((text) => /(\w+)\s*$/.exec(text)?.[1] ?? "");
}

/**
 * The views for people.
 *
 * @param {string} root
 */
export function page(root) {
  const folder = join(root, "packages", "server", "src", "schema");
  const files = readdirSync(folder).filter((name) => /^\d+-.*\.(sql|ts)$/.test(name));
  const sql = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
  const parts = ["traces", "spans"].map((view) => {
    const rows = columnsOf(sql, view).map((name) => {
      const [type, text] = COLUMNS[view]?.[name] ?? COLUMNS["both"]?.[name] ?? [];
      if (!type || !text) throw new Error(`say in scripts/reference/view-columns.mjs what ${view}.${name} is`);
      return [`\`${name}\``, type, text];
    });
    return `## ${view}\n\n${markdownTable(["column", "type", "what it is"], rows)}\n`;
  });
  return `# SQL views, version 1

\`telltale query "<sql>"\`, or \`POST /api/v1/query\` with \`{ "sql": "…" }\`. The SQL is ClickHouse's; it reads only, and is
limited in time, memory and rows. Columns are only ever added to a version of the views; anything else is a new version.
A column is NULL where nobody told, which is not 0: \`avg\` and \`sum\` leave it out.
[The guide](../guides/ask-with-sql.md) has questions to begin with.

${parts.join("\n")}`;
}
