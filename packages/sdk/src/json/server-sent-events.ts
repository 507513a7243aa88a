import type { TextPiece } from "./stream-piece.ts";

/**
 * The data of the events of a text/event-stream, in order (WHATWG HTML §9.2): `\n`, `\r\n` and `\r` end lines,
 * several data lines are one event. An event without its blank line at the end of the text was
 * cut and is not told.
 */
export function* serverSentEvents(text: string): Generator<TextPiece> {
  const returns = text.includes("\r");
  let data: string | undefined;
  for (let start = 0; start < text.length;) {
    const end = returns ? endOfLine(text, start) : text.indexOf("\n", start);
    if (end < 0) return;
    if (end === start) {
      if (data !== undefined) yield { data, end };
      data = undefined;
    } else if (text.startsWith("data", start)) {
      const value = dataOf(text, start + 4, end);
      if (value !== undefined) data = data === undefined ? value : `${data}\n${value}`;
    }
    start = end + (returns && text.startsWith("\r\n", end) ? 2 : 1);
  }
}

const LINE_END = /[\r\n]/g;

function endOfLine(text: string, start: number): number {
  LINE_END.lastIndex = start;
  return LINE_END.exec(text)?.index ?? -1;
}

/** What stands after the name of the field. */
function dataOf(text: string, start: number, end: number): string | undefined {
  if (start === end) return "";
  if (text[start] !== ":") return undefined;
  return text.slice(start + (text[start + 1] === " " ? 2 : 1), end);
}
