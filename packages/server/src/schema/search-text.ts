/**
 * The text of a content column that the index holds the words of, in SQL: letters of ASCII in lower
 * case, and JSON's escapes of white space as spaces, since their letter would otherwise be part of
 * the word behind them (`\nhello`). A search that is to use the index says exactly this.
 */
export function searchText(column: string): string {
  const spaced = (text: string, letter: string): string => `replaceAll(${text}, '\\\\${letter}', '  ')`;
  return ["n", "t", "r"].reduce(spaced, `lower(${column})`);
}
