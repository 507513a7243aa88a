/**
 * A table in Markdown.
 *
 * @param {string[]} heads
 * @param {string[][]} rows
 */
export function markdownTable(heads, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map(line)].join("\n");
}
