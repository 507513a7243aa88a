/** What goes wrong once, for the first request that holds a text. */
interface Hiccup {
  readonly text: string;
  readonly status: 429 | 500;
}

const HICCUPS: readonly Hiccup[] = [
  { text: "A-1005", status: 500 },
  { text: "into a gift box", status: 429 },
];

/** Providers stumble now and then; this one does so at known places, once each. */
export class Hiccups {
  readonly #left: Hiccup[] = [...HICCUPS];

  /** The status to answer with instead, if it is time for it. */
  next(body: string): 429 | 500 | undefined {
    const index = this.#left.findIndex(({ text }) => body.includes(text));
    return index < 0 ? undefined : this.#left.splice(index, 1)[0]?.status;
  }
}
