import { setTimeout as sleep } from "node:timers/promises";
import { hashOf } from "./text-vector.ts";

/** Time until a fast hosted model says its first word, and for each word after it, in ms. */
const FIRST_WORD_MS = { least: 90, span: 120 };
const WORD_MS = 2;

/** How fast the scripted model is: 1 is like life, 10 is ten times faster. */
export class Pace {
  readonly #speed: number;

  constructor(speed: number) {
    this.#speed = speed;
  }

  /** The thinking before the first word; the same for the same text. */
  async think(text: string): Promise<void> {
    await this.#wait(FIRST_WORD_MS.least + (hashOf(text) % FIRST_WORD_MS.span));
  }

  /** The time that so many words take. */
  async speak(words: number): Promise<void> {
    await this.#wait(words * WORD_MS);
  }

  async #wait(ms: number): Promise<void> {
    const scaled = ms / this.#speed;
    // Below a millisecond a timer only adds its own.
    if (scaled >= 1) await sleep(scaled);
  }
}
