import { makeLook } from "../redact/look-through.ts";
import type { Redactor } from "../redactor.ts";

/** What one redactor finds in a text, in order. */
export function findWith(redactor: Redactor): (text: string) => string[] {
  const options = {
    redactors: [redactor],
    custom: [],
    decode: {},
    maxMilliseconds: 10_000,
    now: () => performance.now(),
  };
  const look = makeLook(options);
  return (text) =>
    look
      .now(text)
      .toSorted((left, right) => left.start - right.start)
      .map(({ start, end, value }) => value ?? text.slice(start, end));
}
