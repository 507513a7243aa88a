import type { RedactionMode } from "./marks.ts";
import { linearPattern } from "./linear-pattern.ts";
import type { SecretRange } from "../redactor.ts";

/** A rule of one's own. */
export interface CustomRule {
  /** Kebab-case, as in the mark. */
  readonly name: string;
  /**
   * What to find. Only patterns that take linear time are taken: no look-around, no back-reference, no repetition of a
   * repetition, and after an endless repetition something that it cannot itself match.
   */
  readonly pattern: RegExp | string;
  /** The group that is the secret. Default the whole match. */
  readonly group?: number;
  readonly mode?: RedactionMode;
}

/** A rule that was checked. */
export interface CompiledRule {
  readonly name: string;
  find(text: string, tick: () => void): SecretRange[];
}

/** Throws when the name or the pattern will not do. */
export function compileRule({ name, pattern, group = 0 }: CustomRule): CompiledRule {
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(name)) throw new Error(`A rule's name is kebab-case, and not "${name}".`);
  const { source, flags } = linearPattern(typeof pattern === "string" ? new RegExp(pattern) : pattern);
  const compiled = new RegExp(source, `${flags.replace(/[gy]/g, "")}gd`);
  return {
    name,
    find: (text, tick) => {
      const ranges: SecretRange[] = [];
      for (const match of text.matchAll(compiled)) {
        tick();
        const place = match.indices?.[group];
        if (place !== undefined && place[1] > place[0]) ranges.push({ start: place[0], end: place[1] });
      }
      return ranges;
    },
  };
}
