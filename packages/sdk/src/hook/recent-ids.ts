/** More than run between the end of something and the last that is heard of it. */
const MOST = 10_000;

/** Remembers the last ids that it was given. */
export class RecentIds {
  readonly #ids = new Set<string>();

  add(id: string): void {
    this.#ids.add(id);
    if (this.#ids.size > MOST) for (const oldest of this.#ids) return void this.#ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}
