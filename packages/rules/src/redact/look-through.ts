import type { Redactor } from "../redactor.ts";
import { indexAnchors } from "./anchor-index.ts";
import { findInBase64 } from "./base64-text.ts";
import type { CompiledRule } from "./custom-rule.ts";
import { type FoundSecret, type Search, Walk } from "./find-secrets.ts";
import { type ReadableText, withoutEscapes, withoutPercents } from "./readable-text.ts";

/** What is looked for, and how. */
export interface LookOptions {
  readonly redactors: readonly Redactor[];
  /** Their numbers go on behind those of the redactors. */
  readonly custom: readonly CompiledRule[];
  readonly decode: { readonly url?: boolean; readonly base64?: boolean };
  readonly maxMilliseconds: number;
  readonly now: () => number;
}

/** Thrown when a text took its time. */
export class OutOfTime extends Error {}

/** Units between two rests: two to four milliseconds of work. */
export const SLICE: number = 256 * 1024;
/** Escapes within escapes: a tool's result in a message in a request has three. */
const DEEPEST = 6;

/** Looks through a text and tells what it found; `rest` is called between pieces of work. */
export interface Look {
  now(text: string): FoundSecret[];
  slowly(text: string, rest: () => Promise<void>): Promise<FoundSecret[]>;
}

class Looker {
  readonly #options: LookOptions;
  readonly #search: Search;
  readonly #walks: Walk[] = [];
  #began = 0;
  #spent = 0;

  constructor(options: LookOptions) {
    this.#options = options;
    const { redactors } = options;
    this.#search = { redactors, index: indexAnchors(redactors), tick: () => this.#tick() };
  }

  /** The pieces of work, each between two rests; time counts only while one is at work. */
  *pieces(text: string, found: FoundSecret[]): Generator<undefined> {
    this.#spent = 0;
    this.#began = this.#options.now();
    const walk = this.#walkAt(0);
    walk.begin(text, found);
    for (let from = 0; from < text.length; from += SLICE) {
      walk.over(from, Math.min(text.length, from + SLICE));
      yield;
    }
    this.#others(text, found, 0);
  }

  /** The same in one piece. */
  whole(text: string, found: FoundSecret[], depth = 0): void {
    if (depth === 0) {
      this.#spent = 0;
      this.#began = this.#options.now();
    }
    const walk = this.#walkAt(depth);
    walk.begin(text, found);
    walk.over(0, text.length);
    this.#others(text, found, depth);
  }

  rest(): void {
    this.#tick();
    this.#spent += this.#options.now() - this.#began;
  }

  goOn(): void {
    this.#began = this.#options.now();
  }

  #tick(): void {
    if (this.#spent + this.#options.now() - this.#began > this.#options.maxMilliseconds) throw new OutOfTime();
  }

  #walkAt(depth: number): Walk {
    return (this.#walks[depth] ??= new Walk(this.#search));
  }

  /** What the walk does not see: rules of one's own, and what is written in another way. */
  #others(text: string, found: FoundSecret[], depth: number): void {
    const { custom, decode, redactors } = this.#options;
    for (const [at, rule] of custom.entries()) {
      for (const { start, end } of rule.find(text, this.#search.tick))
        found.push({ start, end, rule: redactors.length + at });
      this.#tick();
    }
    if (depth >= DEEPEST) return;
    if (this.#walkAt(depth).saysMore) this.#inside(withoutEscapes(text), text, found, depth);
    if (decode.url === true && text.includes("%")) this.#inside(withoutPercents(text), text, found, depth);
    if (decode.base64 === true) findInBase64(text, found, (decoded, inner) => this.whole(decoded, inner, depth + 2));
  }

  #inside(view: ReadableText, text: string, found: FoundSecret[], depth: number): void {
    if (view.text === text) return;
    const inner: FoundSecret[] = [];
    this.whole(view.text, inner, depth + 1);
    for (const one of inner) {
      const value = one.value ?? view.text.slice(one.start, one.end);
      found.push({ ...one, ...view.written(one.start, one.end), value });
    }
  }
}

/** Makes what looks through texts. */
export function makeLook(options: LookOptions): Look {
  const looker = new Looker(options);
  return {
    now: (text) => {
      const found: FoundSecret[] = [];
      looker.whole(text, found);
      return found;
    },
    slowly: async (text, rest) => {
      // Its own looker: others go on in between.
      const own = new Looker(options);
      const found: FoundSecret[] = [];
      for (const _ of own.pieces(text, found)) {
        own.rest();
        await rest();
        own.goOn();
      }
      return found;
    },
  };
}
