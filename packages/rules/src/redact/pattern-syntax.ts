/** How often something may come: `max` is Infinity for `*`, `+` and `{n,}`. */
export interface Repeat {
  readonly min: number;
  readonly max: number;
  /** Where the quantifier stands in the source, without the `?` of a lazy one. */
  readonly from: number;
  readonly to: number;
}

/** A part of a regular expression. */
export type PatternPart = { readonly repeat: Repeat | undefined } & (
  | { readonly type: "characters"; readonly source: string }
  | { readonly type: "assertion" }
  | { readonly type: "group"; readonly alternatives: readonly (readonly PatternPart[])[] }
);

const CLASS_ESCAPE = /\\(?:u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[^])/y;
const QUANTIFIER = /[*+?]|\{(\d+)(?:(,)(\d*))?\}/y;

/** Reads a regular expression. Throws on what cannot be said to be linear: look-around, back-references, sets of sets. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  whole(): readonly (readonly PatternPart[])[] {
    const alternatives = this.#alternatives();
    if (this.#at < this.#source.length) throw new Error("a bracket that was not opened");
    return alternatives;
  }

  #alternatives(): PatternPart[][] {
    const alternatives: PatternPart[][] = [[]];
    while (this.#at < this.#source.length && this.#source[this.#at] !== ")") {
      if (this.#source[this.#at] === "|") {
        this.#at++;
        alternatives.push([]);
      } else alternatives.at(-1)?.push(this.#part());
    }
    return alternatives;
  }

  #part(): PatternPart {
    const character = this.#source[this.#at] ?? "";
    if (character === "(") return this.#group();
    if (character === "^" || character === "$") {
      this.#at++;
      return { type: "assertion", repeat: this.#repeat() };
    }
    if (character === "\\") return this.#escape();
    if (character === "[") return { type: "characters", source: this.#set(), repeat: this.#repeat() };
    const code = this.#source.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return { type: "characters", source: String.fromCodePoint(code), repeat: this.#repeat() };
  }

  #group(): PatternPart {
    this.#at++;
    if (this.#source[this.#at] === "?") {
      const head = /\?(?::|<[A-Za-z_$][\w$]*>)/y;
      head.lastIndex = this.#at;
      if (!head.test(this.#source)) throw new Error("look-around or flags in a group");
      this.#at = head.lastIndex;
    }
    const alternatives = this.#alternatives();
    this.#at++;
    return { type: "group", alternatives, repeat: this.#repeat() };
  }

  #escape(): PatternPart {
    CLASS_ESCAPE.lastIndex = this.#at;
    const source = CLASS_ESCAPE.exec(this.#source)?.[0] ?? "";
    this.#at += source.length;
    if (/^\\[1-9k]/.test(source)) throw new Error("a back-reference");
    if (source === "\\b" || source === "\\B") return { type: "assertion", repeat: this.#repeat() };
    return { type: "characters", source, repeat: this.#repeat() };
  }

  #set(): string {
    const start = this.#at++;
    while (this.#at < this.#source.length && this.#source[this.#at] !== "]") {
      if (this.#source[this.#at] === "[" && this.#source[this.#at + 1] !== ":") this.#at++;
      else this.#at += this.#source[this.#at] === "\\" ? 2 : 1;
    }
    this.#at++;
    return this.#source.slice(start, this.#at);
  }

  #repeat(): Repeat | undefined {
    QUANTIFIER.lastIndex = this.#at;
    const match = QUANTIFIER.exec(this.#source);
    if (match === null) return undefined;
    const from = this.#at;
    const to = from + match[0].length;
    this.#at = this.#source[to] === "?" ? to + 1 : to;
    const [sign, min, comma, max] = match;
    if (min === undefined)
      return { min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Number.POSITIVE_INFINITY, from, to };
    const most =
      comma === undefined ? Number(min) : max === "" || max === undefined ? Number.POSITIVE_INFINITY : Number(max);
    return { min: Number(min), max: most, from, to };
  }
}

/** The alternatives of a regular expression that is known to compile without the flag `v`. */
export function readPattern(source: string): readonly (readonly PatternPart[])[] {
  return new PatternReader(source).whole();
}
