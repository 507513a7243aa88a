/** One place in a text that holds a secret: `[start, end)` in UTF-16 units. */
export interface SecretRange {
  /** First unit of the secret. */
  readonly start: number;
  /** Unit after its last. */
  readonly end: number;
  /** Text to put before and after the mark, where a value without quotes stands where JSON needs a string. */
  readonly quote?: string;
}

/**
 * Where a secret may stand. One pass over a text finds the anchors of every redactor; the exact rules look only there.
 * A literal has one unit, or three and more. `digits`: each first digit of a group, where from there on so many follow
 * that only blanks and punctuation of numbers part.
 */
export type Anchor =
  | {
      readonly literal: string;
      readonly ignoreCase?: boolean;
      /** Behind a literal of one unit: the units of ASCII of which one has to follow. */
      readonly next?: string;
    }
  | {
      /** How many digits, counted from the group on. */
      readonly digits: number;
    };

/**
 * Finds one kind of secret in text. Pure and without state, so one object serves every text of a process, in any
 * order, in Node, in a worker and in a browser.
 */
export interface Redactor {
  /** Kebab-case, as in the mark that replaces what it finds: `[credit-card]`. */
  readonly name: string;
  /** What it finds and by which rule, in one line. */
  readonly summary: string;
  /** Where the rule is from: the norm, the register or the issuer's documentation. */
  readonly source: string;
  /** Whether it works unless it is switched off. */
  readonly standard: boolean;
  /** Every secret of this kind has one of these in it. */
  readonly anchors: readonly Anchor[];
  /**
   * Looks at one anchor, which begins at `index`, and answers with the secret that it belongs to; an empty range says
   * that there is none up to its end. Called for each anchor in order, but not in front of the end of an answer. Takes time bounded by a constant, or linear in
   * what it finds; never throws (a throw costs the whole value, which is then replaced). The text was written by
   * strangers.
   */
  at(text: string, index: number): SecretRange | undefined;
  /** The same secret however it is written: without separators, in lower case. For marks that can be joined. */
  canonical?(value: string): string;
}
