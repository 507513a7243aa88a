import { createRedaction } from "../redact/redaction.ts";
import { redactors } from "../redactors/index.ts";
import { NAMED_LOOK_ALIKES, NAMED_SECRETS } from "./named-samples.ts";
import { Dice, LOOK_ALIKES, SECRETS, SURROUNDINGS } from "./secret-samples.ts";

/** How well one kind is found. */
export interface Accuracy {
  readonly kind: string;
  readonly recall: number;
  readonly precision: number;
  readonly secrets: number;
  /** Some of what went wrong. */
  readonly wrong: readonly string[];
}

interface Count {
  found: number;
  missed: number;
  wrongly: number;
  readonly wrong: string[];
}

const EXAMPLES = 5;

/** Tries all redactors, those that are off by default too, on `rounds` texts of each kind in each surrounding, and on as many look-alikes. */
export function measureAccuracy(seed: number, rounds: number): readonly Accuracy[] {
  const dice = new Dice(seed);
  const redaction = createRedaction({ kinds: Object.fromEntries(redactors.map(({ name }) => [name, true])) });
  const counts = new Map<string, Count>();
  const countOf = (kind: string): Count => {
    const count = counts.get(kind) ?? { found: 0, missed: 0, wrongly: 0, wrong: [] };
    counts.set(kind, count);
    return count;
  };
  const judge = (text: string, expected: string | undefined): void => {
    const found = redaction.redact(text).counts;
    if (expected !== undefined) {
      const count = countOf(expected);
      if (found.has(expected)) count.found++;
      else if (count.missed++ < EXAMPLES) count.wrong.push(`missed: ${text}`);
    }
    for (const [kind, number] of found) {
      const extra = number - (kind === expected ? 1 : 0);
      const count = countOf(kind);
      count.wrongly += extra;
      if (extra > 0 && count.wrong.length < EXAMPLES) count.wrong.push(`wrongly: ${text}`);
    }
  };
  /** Which of several kinds takes it does not matter, if nothing of it is left. */
  const judgeNamed = (text: string, secret: string, kind: string): void => {
    const redacted = redaction.redact(text).text;
    const count = countOf(kind);
    if (redacted.includes(secret)) {
      if (count.missed++ < EXAMPLES) count.wrong.push(`missed: ${text}`);
    } else count.found++;
  };
  for (let round = 0; round < rounds; round++)
    for (const surround of SURROUNDINGS) {
      for (const [kind, make] of SECRETS) judge(surround(make(dice)), kind);
      for (const [kind, make] of NAMED_SECRETS) {
        const { text, secret } = make(dice);
        judgeNamed(surround(text), secret, kind);
      }
      for (const make of [...LOOK_ALIKES, ...NAMED_LOOK_ALIKES]) judge(surround(make(dice)), undefined);
    }
  return Array.from(counts, ([kind, { found, missed, wrongly, wrong }]) => ({
    kind,
    recall: found / (found + missed),
    precision: found / (found + wrongly),
    secrets: found + missed,
    wrong,
  }));
}
