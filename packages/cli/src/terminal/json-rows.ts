import type { TableData } from "./table.ts";

/** Names of columns, made different from each other by a number where a query used one twice. */
function distinct(columns: readonly string[]): string[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let name = column;
    for (let count = 2; taken.has(name); count++) name = `${column}_${count}`;
    taken.add(name);
    return name;
  });
}

/** Rows as a JSON array of objects by column, a line each. */
export function jsonRowLines(data: TableData): string[] {
  const names = distinct(data.columns);
  const rows = data.rows.map((row) => {
    // Column names are anybody's: written out one by one, none of them is special.
    const members = names.map((name, index) => `${JSON.stringify(name)}:${JSON.stringify(row[index] ?? null)}`);
    return `{${members.join(",")}}`;
  });
  return ["[", ...rows.map((row, index) => (index < rows.length - 1 ? `${row},` : row)), "]"];
}
