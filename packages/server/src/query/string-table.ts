/** Texts by number, each once. */
export class StringTable {
  readonly texts: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of each text; new ones are added. */
  numbersOf(values: readonly unknown[]): number[] {
    return values.map((value) => this.#numberOf(String(value)));
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.texts.push(text) - 1));
    return number;
  }
}
