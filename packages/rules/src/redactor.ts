/** One place in a text that holds a secret: `[start, end)` in UTF-16 units. */
export interface SecretRange {
  /** First unit of the secret. */
  readonly start: number;
  /** Unit after its last. */
  readonly end: number;
}

/**
 * Finds one kind of secret in text. Pure and without state, so one object serves every text of a process, in any
 * order. It never throws, and takes time linear in the length of the text, whatever the text: what is searched was
 * written by strangers.
 */
export interface Redactor {
  /** Kebab-case, as in the mark that replaces what it finds: `[credit-card]`. */
  readonly name: string;
  /** What it finds and by which rule, in one line. */
  readonly summary: string;
  /**
   * Whether `find` is worth calling: cheap, and false only where `find` would be empty. Called first, on every text.
   */
  mayOccur(text: string): boolean;
  /** Every occurrence, by start, none overlapping another. */
  find(text: string): SecretRange[];
}
