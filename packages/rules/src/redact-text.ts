import type { Redactor, SecretRange } from "./redactor.ts";

/** A text without the secrets that were found in it, and how many of which kind there were. */
export interface RedactedText {
  readonly text: string;
  readonly counts: ReadonlyMap<string, number>;
}

interface Named extends SecretRange {
  readonly name: string;
}

/**
 * Replaces each secret by `[name-of-the-redactor]`. Where two kinds overlap, one mark of the kind that begins first
 * (of the longer, where both begin together) takes the place of both, so that no end of a secret stays behind.
 * The same text comes back, not a copy, when there is nothing to replace.
 */
export function redactText(text: string, redactors: readonly Redactor[]): RedactedText {
  const ranges: Named[] = [];
  for (const redactor of redactors)
    if (redactor.mayOccur(text))
      for (const { start, end } of redactor.find(text)) ranges.push({ start, end, name: redactor.name });
  const counts = new Map<string, number>();
  if (ranges.length === 0) return { text, counts };
  ranges.sort((left, right) => left.start - right.start || right.end - left.end);
  let redacted = "";
  let done = 0;
  for (const { start, end, name } of ranges) {
    if (start >= done) {
      redacted += `${text.slice(done, start)}[${name}]`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    done = Math.max(done, end);
  }
  return { text: redacted + text.slice(done), counts };
}
