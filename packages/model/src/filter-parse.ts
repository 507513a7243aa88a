import type { Filter, FilterCondition, FilterOperator } from "./filter.ts";
import { fail, FilterCursor, type FilterError, FilterParseFailure } from "./filter-cursor.ts";
import { type FilterField, FILTER_FIELDS, findFilterField, nearestFilterField } from "./filter-field.ts";
import { readFilterNumber } from "./filter-number.ts";

/** Longer texts are refused: they would become statements that no engine should plan. */
export const MAX_FILTER_LENGTH = 4_000;
/** Terms of one filter at most; each may become a subquery. */
const MAX_TERMS = 100;
/** Parentheses and negations inside each other at most, so that no tree overflows a stack. */
const MAX_DEPTH = 40;

/**
 * Reads the filter language:
 * `status:error -env:dev latency:>2s (model:gpt-4o OR model:"gpt 4") "free text" word`.
 * Terms side by side must all hold; `OR` binds weaker; `-` or `NOT` negates; `*` in a value stands
 * for any characters; quotes keep everything as it is, with `\"`, `\\`, `\n`, `\r` and `\t` inside.
 * What is not understood is an error, never searched for as text.
 */
export function parseFilter(text: string): { filter: Filter } | { error: FilterError } {
  try {
    if (text.length > MAX_FILTER_LENGTH)
      fail("the filter is too long", MAX_FILTER_LENGTH, `use at most ${MAX_FILTER_LENGTH} characters`);
    return { filter: new Parser(text).filter() };
  } catch (error) {
    if (error instanceof FilterParseFailure) return { error: error.error };
    throw error;
  }
}

/** Characters that no unquoted word has: other languages' operators, which would silently mean something else. */
const FOREIGN = /[|&!=<>~^[\]{}\\*]/;

class Parser extends FilterCursor {
  private terms = 0;

  filter(): Filter {
    this.space();
    if (this.ended()) return { type: "everything" };
    const filter = this.or(0);
    if (!this.ended()) fail("a closing parenthesis without an opening one", this.position, "remove it or quote it");
    return filter;
  }

  private or(depth: number): FilterCondition {
    const parts = [this.and(depth)];
    while (this.keyword("OR")) parts.push(this.and(depth));
    return join("or", parts);
  }

  private and(depth: number): FilterCondition {
    const parts = [this.not(depth)];
    for (;;) {
      const explicit = this.keyword("AND");
      if (!explicit && (this.ended() || this.peek() === ")" || this.atKeyword("OR"))) return join("and", parts);
      parts.push(this.not(depth));
    }
  }

  private not(depth: number): FilterCondition {
    if (depth > MAX_DEPTH) fail("too many parentheses inside each other", this.position, "write it flatter");
    if (this.keyword("NOT")) return { type: "not", filter: this.not(depth + 1) };
    if (this.peek() === "-") {
      this.position++;
      if (this.ended() || /[\s)]/.test(this.peek()))
        fail("nothing follows the minus", this.position, "write it directly before a term: -env:dev");
      return { type: "not", filter: this.not(depth + 1) };
    }
    return this.primary(depth);
  }

  private primary(depth: number): FilterCondition {
    if (this.peek() === "(") {
      this.position++;
      this.space();
      const inside = this.or(depth + 1);
      this.close();
      return inside;
    }
    return this.term();
  }

  private close(): void {
    if (this.peek() !== ")") fail("a parenthesis is not closed", this.position, "add )");
    this.position++;
    this.space();
  }

  private term(): FilterCondition {
    const start = this.position;
    if (this.ended() || this.peek() === ")")
      fail("a term is missing", start, 'write a field:value, a word or a "text"');
    if (this.atKeyword("OR") || this.atKeyword("AND"))
      fail(
        `nothing stands before ${this.text.slice(start, start + 3).trim()}`,
        start,
        "quote it to search for the word",
      );
    if (++this.terms > MAX_TERMS) fail("the filter has too many terms", start, `use at most ${MAX_TERMS}`);
    const quoted = this.peek() === '"';
    const word = quoted ? this.quoted() : this.while(/[^\s()":]/);
    if (!quoted && this.peek() === ":") return this.field(word, start);
    if (!quoted && word.includes(".") && this.peek() === '"' && this.quotedKeyAhead()) {
      const key = word + this.quoted();
      return this.field(key, start);
    }
    if (!quoted) this.checkWord(word, start);
    if (!word.trim()) fail("an empty text", start, "write the words to look for between the quotes");
    this.separate();
    return { type: "text", text: word };
  }

  /** Whether `attribute."…":` stands here. */
  private quotedKeyAhead(): boolean {
    return /^"(?:[^"\\]|\\.)*":/s.test(this.text.slice(this.position));
  }

  private checkWord(word: string, start: number): void {
    const compared = /^([\w.]+)(?:>=|<=|==?|!=|>|<)/.exec(word);
    if (compared && findFilterField(compared[1]!))
      fail(
        "a colon is missing",
        start + compared[1]!.length,
        `write ${compared[1]}:${word.slice(compared[1]!.length).replace(/^[!=]+/, "")}`,
      );
    const foreign = FOREIGN.exec(word);
    if (foreign)
      fail(`${foreign[0]} has no meaning here`, start + foreign.index, `quote it to search for the text: "${word}"`);
  }

  private field(name: string, start: number): FilterCondition {
    const field = findFilterField(name);
    if (!field) this.unknownField(name, start);
    this.position++;
    if (this.peek() !== "(") return this.value(field, name);
    this.position++;
    this.space();
    const parts = [this.value(field, name)];
    while (this.keyword("OR")) {
      if (++this.terms > MAX_TERMS) fail("the filter has too many terms", this.position, `use at most ${MAX_TERMS}`);
      parts.push(this.value(field, name));
    }
    if (this.peek() !== ")" && !this.ended())
      fail("only OR may stand between values", this.position, `write ${name}:(one OR two)`);
    this.close();
    return join("or", parts);
  }

  private unknownField(name: string, start: number): never {
    const keyed = FILTER_FIELDS.find((field) => field.key && (name === field.name || name === `${field.name}.`));
    if (keyed) fail(`${keyed.name} needs a key`, start, `for example ${keyed.example}`);
    const nearest = nearestFilterField(name);
    const hint = nearest
      ? `did you mean ${nearest}?`
      : `quote it to search for the text, or use attribute.${name || "key"}`;
    fail(`there is no field ${JSON.stringify(name)}`, start, hint);
  }

  private value(field: FilterField, name: string): FilterCondition {
    const start = this.position;
    const operator = this.operator();
    const written = this.position;
    const pattern = this.pattern();
    const bare = this.text.slice(written, this.position);
    if (bare === "") fail(`${name} has no value`, written, `for example ${field.example}; ${name}:"" means no value`);
    this.separate();
    if (field.type === "latency" || field.type === "cost" || field.type === "count") {
      if (bare === "*" && operator === undefined) return { type: "known", field: name };
      const read = readFilterNumber(field.type, bare);
      if ("hint" in read) fail(`${name} does not take ${bare}`, written, read.hint);
      return { type: "number", field: name, operator: operator ?? "=", value: read.value };
    }
    if (operator !== undefined) return this.compare(field, name, operator, start, bare);
    if (field.type === "choice" && (pattern.length > 1 || !field.values!.includes(pattern[0]!)))
      fail(`${name} is never ${bare}`, written, `one of ${field.values!.join(", ")}`);
    return { type: "match", field: name, pattern };
  }

  private compare(
    field: FilterField,
    name: string,
    operator: FilterOperator,
    start: number,
    bare: string,
  ): FilterCondition {
    if (!field.key || operator === "=")
      fail(
        `${name} is text and takes no ${operator}`,
        start,
        `quote the value if it begins with ${operator}: ${name}:"${operator}…"`,
      );
    const value = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(bare) ? Number(bare) : Number.NaN;
    if (!Number.isFinite(value)) fail(`${bare} is not a number`, start + operator.length, `for example ${name}:>400`);
    return { type: "number", field: name, operator, value: value + 0 };
  }

  private operator(): FilterOperator | undefined {
    const found = /^(?:>=|<=|>|<|=)/.exec(this.text.slice(this.position, this.position + 2));
    if (found) this.position += found[0].length;
    return found?.[0] as FilterOperator | undefined;
  }
}

/** Conditions under one `and` or `or`, those of the same type taken in. */
function join(type: "and" | "or", parts: readonly FilterCondition[]): FilterCondition {
  if (parts.length === 1) return parts[0]!;
  return { type, filters: parts.flatMap((part) => (part.type === type ? part.filters : [part])) };
}
