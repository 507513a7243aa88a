import { type PatternPart, readPattern, type Repeat } from "./pattern-syntax.ts";

/** Where a repetition without end stops, unless the pattern ends with it. */
const LONGEST_REPEAT = 256;
/**
 * Steps that a pattern may take from one place of a text. 50 kB of the worst text then take some 50 million steps at
 * most, each about a nanosecond.
 */
const MOST_STEPS = 1024;

/** Characters that stand for all: ASCII, and one each of other letters, ideographs, blanks and what is beyond. */
const SAMPLES = [...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)), "é", "中", "\u00a0", "😀"];
const EVERY: readonly boolean[] = SAMPLES.map(() => true);

/** What comes after a place in a pattern. */
interface Tail {
  /** Steps from here to the end at most. */
  readonly steps: number;
  /** Which samples can come first. */
  readonly first: readonly boolean[];
  /** Nothing comes, so nothing can fail. */
  readonly isEnd: boolean;
}

interface Check {
  readonly flags: string;
  /** Quantifiers to be bounded. */
  readonly edits: Repeat[];
}

function samplesOf(source: string, flags: string): boolean[] {
  const one = new RegExp(`^(?:${source})$`, flags);
  return SAMPLES.map((sample) => one.test(sample));
}

function union(left: readonly boolean[], right: readonly boolean[]): boolean[] {
  return left.map((has, index) => has || right[index] === true);
}

function areApart(left: readonly boolean[], right: readonly boolean[]): boolean {
  return !left.some((has, index) => has && right[index] === true);
}

/** One of several ways: those that cannot begin alike are never tried one after the other. */
function either(left: Tail, right: Tail): Tail {
  const steps = areApart(left.first, right.first) ? Math.max(left.steps, right.steps) : left.steps + right.steps;
  return { steps: steps + 1, first: union(left.first, right.first), isEnd: left.isEnd && right.isEnd };
}

function repeated(first: readonly boolean[], width: number, repeat: Repeat, tail: Tail, check: Check): Tail {
  const { min, max } = repeat;
  const begins = min > 0 ? first : union(first, tail.isEnd ? EVERY : tail.first);
  // At the end nothing fails: every step is a step of what was found.
  if (tail.isEnd && max === Number.POSITIVE_INFINITY) {
    return { steps: 1 + min * width, first: begins, isEnd: min === 0 };
  }
  if (max === Number.POSITIVE_INFINITY) check.edits.push(repeat);
  const most = Math.max(min, Math.min(max, LONGEST_REPEAT));
  const ways = min === most || areApart(first, tail.first) ? 1 : most - min + 1;
  return { steps: most * width + ways * tail.steps, first: begins, isEnd: tail.isEnd && min === 0 };
}

function stepsOf(part: PatternPart, tail: Tail, check: Check): Tail {
  const { repeat } = part;
  if (part.type === "assertion") {
    return { steps: 1 + tail.steps, first: tail.isEnd ? EVERY : tail.first, isEnd: false };
  }
  if (part.type === "characters") {
    const first = samplesOf(part.source, check.flags);
    if (repeat !== undefined) return repeated(first, 1, repeat, tail, check);
    return { steps: 1 + tail.steps, first, isEnd: false };
  }
  const once = (): Tail => part.alternatives.map((parts) => sequence(parts, tail, check)).reduce(either);
  if (repeat === undefined || (repeat.min === 1 && repeat.max === 1)) return once();
  if (repeat.max === 1) {
    const there = once();
    return {
      steps: there.steps + tail.steps,
      first: union(there.first, tail.isEnd ? EVERY : tail.first),
      isEnd: tail.isEnd,
    };
  }
  return repeatedGroup(part.alternatives, repeat, tail, check);
}

/** A group that repeats has only plain characters in it, and one way to go at each of them. */
function repeatedGroup(
  alternatives: readonly (readonly PatternPart[])[],
  repeat: Repeat,
  tail: Tail,
  check: Check,
): Tail {
  let first: readonly boolean[] = SAMPLES.map(() => false);
  let width = 1;
  for (const parts of alternatives) {
    const [head] = parts;
    if (head?.type !== "characters" || parts.some((part) => part.type !== "characters" || part.repeat !== undefined)) {
      throw new Error("a repetition within a repetition");
    }
    const begins = samplesOf(head.source, check.flags);
    if (!areApart(first, begins)) throw new Error("a repetition of alternatives that begin alike");
    first = union(first, begins);
    width = Math.max(width, parts.length);
  }
  return repeated(first, width, repeat, tail, check);
}

function sequence(parts: readonly PatternPart[], tail: Tail, check: Check): Tail {
  return parts.reduceRight((rest, part) => stepsOf(part, rest, check), tail);
}

/**
 * A pattern that takes linear time on any text: the one given, with its endless repetitions stopped at 256 unless it
 * ends with them. Throws, saying why, when it could take more.
 */
export function linearPattern(pattern: RegExp): { readonly source: string; readonly flags: string } {
  const { source, flags } = pattern;
  const refused = (why: string): Error =>
    new Error(
      `The pattern ${String(pattern)} could take too long: it has ${why}. Bound its repetitions, or part them.`,
    );
  if (flags.includes("v")) throw refused("the flag v");
  const check: Check = { flags: flags.replace(/[dgy]/g, ""), edits: [] };
  let steps: number;
  try {
    const end: Tail = { steps: 0, first: EVERY, isEnd: true };
    steps = readPattern(source)
      .map((parts) => sequence(parts, end, check))
      .reduce(either).steps;
  } catch (error) {
    throw refused(error instanceof Error ? error.message : "what cannot be read");
  }
  if (steps > MOST_STEPS) throw refused(`up to ${steps} steps from one place, more than ${MOST_STEPS}`);
  let bounded = source;
  for (const { min, from, to } of check.edits.toSorted((left, right) => right.from - left.from))
    bounded = `${bounded.slice(0, from)}{${min},${Math.max(min, LONGEST_REPEAT)}}${bounded.slice(to)}`;
  return { source: bounded, flags };
}
