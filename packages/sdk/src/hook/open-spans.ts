import { HookSpan, type HookSpanStart } from "./hook-span.ts";

/** Runs that are open at once; a framework that never ends its runs costs no more memory than this. */
const MOST_OPEN = 10_000;

/** Open spans by the id that the framework gives to what it runs. The oldest is abandoned when there are too many. */
export class OpenSpans {
  readonly #spans = new Map<string, HookSpan>();

  /** Begins the span of `id`, below the span of `parentId` where that is open, else below what is active. */
  begin(id: string, start: HookSpanStart, parentId?: string | null): HookSpan {
    const outer = start.outer ?? (typeof parentId === "string" ? this.get(parentId)?.scope : undefined);
    const span = new HookSpan({ ...start, outer });
    this.keep(id, span);
    return span;
  }

  /** The same for a span that was begun elsewhere. */
  keep(id: string, span: HookSpan): void {
    this.#spans.set(id, span);
    if (this.#spans.size > MOST_OPEN) this.#abandonOldest();
  }

  #abandonOldest(): void {
    for (const [id, span] of this.#spans) {
      this.#spans.delete(id);
      return span.abandon();
    }
  }

  /** Lets a span stand for one more id, until that is taken: for runs that have no span of their own. */
  alias(id: string, span: HookSpan): void {
    if (this.#spans.size < MOST_OPEN) this.#spans.set(id, span);
  }

  /** The open span of this id. */
  get(id: string): HookSpan | undefined {
    return this.#spans.get(id);
  }

  /** The same, for the last time: ending it is left to the caller. */
  take(id: string): HookSpan | undefined {
    const span = this.#spans.get(id);
    this.#spans.delete(id);
    return span;
  }
}
