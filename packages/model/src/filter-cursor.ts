/** Why a text is no filter. `position` counts UTF-16 units from 0; `hint` says what to write instead. */
export interface FilterError {
  readonly message: string;
  readonly position: number;
  readonly hint: string;
}

/** Thrown inside the parser only. */
export class FilterParseFailure extends Error {
  readonly error: FilterError;
  constructor(message: string, position: number, hint: string) {
    super(message);
    this.error = { message, position, hint };
  }
}

/** Gives up with the reason, the place and what to write instead. */
export function fail(message: string, position: number, hint: string): never {
  throw new FilterParseFailure(message, position, hint);
}

/** A place in a filter's text, and the lexical steps forward from it. */
export class FilterCursor {
  protected readonly text: string;
  protected position = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Literal pieces between wildcards, from quoted and unquoted parts side by side. */
  pattern(): string[] {
    const pieces = [""];
    for (;;) {
      const next = this.peek();
      if (next === '"') pieces[pieces.length - 1] += this.quoted();
      else if (next === "*") {
        this.position++;
        pieces.push("");
      } else {
        const part = this.while(/[^\s()"*]/);
        if (part === "") return pieces;
        const backslash = part.indexOf("\\");
        if (backslash >= 0)
          fail("a backslash outside quotes", this.position - part.length + backslash, 'quote the value: "…\\\\…"');
        pieces[pieces.length - 1] += part;
      }
    }
  }

  quoted(): string {
    const start = this.position++;
    let value = "";
    for (;;) {
      if (this.ended()) fail("a quote is not closed", start, 'add "');
      const character = this.text[this.position++]!;
      if (character === '"') return value;
      value += character === "\\" ? this.escape() : character;
    }
  }

  private escape(): string {
    const character = this.text[this.position++];
    const meaning = new Map([
      ['"', '"'],
      ["\\", "\\"],
      ["n", "\n"],
      ["r", "\r"],
      ["t", "\t"],
    ]).get(character ?? "");
    if (meaning === undefined)
      fail("an unknown escape", this.position - 2, 'use \\" \\\\ \\n \\r or \\t; write \\\\ for a backslash');
    return meaning;
  }

  /** After a term comes a space, a parenthesis or the end. */
  separate(): void {
    if (!this.ended() && !/[\s()]/.test(this.peek()))
      fail("a space is missing", this.position, "put a space between terms");
    this.space();
  }

  atKeyword(word: string): boolean {
    const end = this.position + word.length;
    return this.text.startsWith(word, this.position) && (end >= this.text.length || /[\s()"]/.test(this.text[end]!));
  }

  keyword(word: string): boolean {
    if (!this.atKeyword(word)) return false;
    this.position += word.length;
    this.space();
    return true;
  }

  while(pattern: RegExp): string {
    const start = this.position;
    while (!this.ended() && pattern.test(this.peek())) this.position++;
    return this.text.slice(start, this.position);
  }

  space(): void {
    this.while(/\s/);
  }

  peek(): string {
    return this.text[this.position] ?? "";
  }

  ended(): boolean {
    return this.position >= this.text.length;
  }
}
