/** What is judged: what went in, what came out and, where somebody knows, what should have come out. */
export interface Example {
  /** What the program was asked. */
  readonly input?: unknown;
  /** What it answered: text, or a value of JSON. */
  readonly output: unknown;
  /** The right answer; absent when nobody told. */
  readonly expected?: unknown;
}

/**
 * The outcome of one judgement. `value` goes from 0 (wrong) to 1 (right); null means that it could not be judged,
 * which is not 0, and `explanation` then says why.
 */
export interface Judgement {
  /** From 0 to 1, or null. */
  readonly value: number | null;
  /** A word for the value, where it has one: `valid`. */
  readonly label?: string;
  /** Why, for people. */
  readonly explanation?: string;
}

/**
 * Judges one thing about an answer. Holds no state, may run many times at once, and never throws for what an example
 * holds: what cannot be judged has the value null.
 */
export interface Evaluator {
  /** Kebab-case, as in the name of the score: `exact-match`. */
  readonly name: string;
  /** What a high value means, in one line. */
  readonly summary: string;
  /** Judges one example without changing it. */
  judge(example: Example): Judgement | Promise<Judgement>;
}
