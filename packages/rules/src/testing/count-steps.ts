/** What programs look at texts with, and how much of a text one call looks at, at least. */
type Counted = (self: string, parameters: readonly unknown[], answer: unknown) => number;

const counted = new Map<"charCodeAt" | "slice" | "startsWith" | "indexOf" | "includes" | "lastIndexOf", Counted>([
  ["charCodeAt", () => 1],
  ["slice", (_self, _parameters, answer) => String(answer).length + 1],
  ["startsWith", (_self, [part]) => String(part).length],
  ["indexOf", (self, [, from = 0], answer) => (answer === -1 ? self.length : Number(answer)) - Number(from) + 1],
  ["includes", (self) => self.length],
  ["lastIndexOf", (self) => self.length],
]);

/** A sticky pattern looks at what it matches, a global one at what it passes, another one at the whole text. */
function lookedAt(pattern: RegExp, text: string, from: number, match: RegExpExecArray | null): number {
  if (pattern.sticky) return (match?.[0].length ?? 0) + 1;
  return pattern.global ? (match === null ? text.length : pattern.lastIndex) - from + 1 : text.length + 1;
}

/**
 * Counts the units of text that some work looks at, through the functions of strings and patterns. Units that are read
 * by `text[index]` and in typed arrays are not seen.
 */
export function countSteps(work: () => void): number {
  let steps = 0;
  const undo: (() => void)[] = [];
  const strings: Record<string, unknown> = String.prototype as never;
  for (const [name, count] of counted) {
    const real = String.prototype[name] as (...parameters: unknown[]) => unknown;
    strings[name] = function counting(this: string, ...parameters: unknown[]): unknown {
      const answer = real.apply(this, parameters);
      steps += count(this, parameters, answer);
      return answer;
    };
    undo.push(() => {
      strings[name] = real;
    });
  }
  const { exec } = RegExp.prototype;
  RegExp.prototype.exec = function counting(this: RegExp, text: string): RegExpExecArray | null {
    const from = this.lastIndex;
    const match = exec.call(this, text);
    steps += lookedAt(this, text, from, match);
    return match;
  };
  try {
    work();
  } finally {
    RegExp.prototype.exec = exec;
    for (const step of undo) step();
  }
  return steps;
}
