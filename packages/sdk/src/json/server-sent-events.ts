/** One event of a stream: its data and where in the text it ends. */
export interface ServerSentEvent {
  readonly data: string;
  /** Index of the first character after the event's data. */
  readonly end: number;
}

/**
 * The events of a text/event-stream, in order (WHATWG HTML §9.2): `\n`, `\r\n` and `\r` end lines,
 * several data lines are one event. An event without its blank line at the end of the text was
 * cut and is not told.
 */
export function* serverSentEvents(text: string): Generator<ServerSentEvent> {
  const lines = /\r\n|\n|\r/g;
  let start = 0;
  let data: string | undefined;
  for (let found = lines.exec(text); found !== null; found = lines.exec(text)) {
    const line = text.slice(start, found.index);
    start = lines.lastIndex;
    if (line === "") {
      if (data !== undefined) yield { data, end: found.index };
      data = undefined;
    } else if (line.startsWith("data")) {
      const value = dataOf(line);
      if (value !== undefined) data = data === undefined ? value : `${data}\n${value}`;
    }
  }
}

function dataOf(line: string): string | undefined {
  if (line.length > 4 && line[4] !== ":") return undefined;
  return line.slice(line[5] === " " ? 6 : 5);
}
