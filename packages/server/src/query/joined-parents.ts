import type { JoinedTraces } from "../api-types.ts";
import { MISSING_PARENT, parentsBy } from "./parent-indexes.ts";
import type { SpanPair } from "./span-pairs.ts";
import type { SpanLink } from "./trace-ties.ts";

/** Spans of several traces as parallel columns; times in milliseconds, a duration is null while the span runs. */
export interface JoinedColumns {
  readonly traceIds: readonly string[];
  /** By span: which of `traceIds` it is of. */
  readonly traces: readonly number[];
  readonly spanIds: readonly string[];
  /** Empty where there is none. */
  readonly parentIds: readonly string[];
  readonly starts: readonly number[];
  readonly durations: readonly (number | null)[];
}

/** Where every span hangs in the tree of all traces. */
export interface JoinedParents {
  /** As {@link parentsBy} gives them. */
  readonly parents: Int32Array;
  /** The spans that hang below one of another trace. */
  readonly hung: JoinedTraces["hung"];
}

/** Two clocks see one moment a little apart; the same as between two layers of one call. */
const CLOCK_SLACK_MS = 5;

/**
 * One tree of several traces. Within a trace nothing changes: only what stands at its top is hung below a span of
 * another trace, where an id says so and the times allow it. A span is never hung below itself, whatever the ids say.
 */
export function joinedParents(columns: JoinedColumns, pairs: readonly SpanPair[]): JoinedParents {
  const tree = new JoinedTree(columns);
  tree.hangByParent();
  const links = pairs.filter(({ tie }) => tie === "link");
  for (const { one, other } of links) tree.hangByLink(one, other);
  const told = pairs.flatMap(({ tie, one, other }) => tree.nestings(tie, one, other));
  // Of several around it, the innermost made the call.
  for (const { top, outer, tie } of told.toSorted((a, b) => a.length - b.length)) tree.hang(top, outer, tie);
  return { parents: tree.parents, hung: tree.hung.toSorted((a, b) => a.span - b.span) };
}

type Tie = JoinedTraces["hung"][number]["tie"];

interface Nesting {
  readonly top: number;
  readonly outer: number;
  /** Of the outer span, in milliseconds. */
  readonly length: number;
  readonly tie: Tie;
}

class JoinedTree {
  readonly parents: Int32Array;
  readonly hung: { span: number; tie: Tie }[] = [];
  readonly #columns: JoinedColumns;
  readonly #traces = new Map<string, number>();
  /** By id: the first span that has it; ids are unique within a trace only. */
  readonly #firsts = new Map<string, number>();
  /** The next span of another trace that has the same id, or -1: no more than there are traces. */
  readonly #namesakes: Int32Array;
  /** What hangs together: a span of the same tree, up to the one that stands for all. */
  readonly #trees: Int32Array;
  /** The span at the top of its own trace. */
  readonly #tops: Int32Array;

  constructor(columns: JoinedColumns) {
    const { traceIds, traces, spanIds, parentIds } = columns;
    this.#columns = columns;
    for (const [trace, traceId] of traceIds.entries()) this.#traces.set(traceId, trace);
    this.#namesakes = new Int32Array(spanIds.length).fill(-1);
    for (let span = spanIds.length - 1; span >= 0; span--) {
      const spanId = spanIds[span]!;
      this.#namesakes[span] = this.#firsts.get(spanId) ?? -1;
      this.#firsts.set(spanId, span);
    }
    this.parents = parentsBy(parentIds, (parentId, span) => this.#find(traces[span], parentId));
    this.#trees = Int32Array.from(this.parents, (parent, span) => (parent < 0 ? span : parent));
    this.#tops = Int32Array.from(this.parents, (_, span) => this.#treeOf(span));
  }

  /** What names a parent that is not in its own trace hangs below that span of another: the one that was open then. */
  hangByParent(): void {
    const { parentIds, starts } = this.#columns;
    for (let span = 0; span < this.parents.length; span++) {
      if (this.parents[span] !== MISSING_PARENT) continue;
      const first = this.#firsts.get(parentIds[span]!) ?? -1;
      let open = first;
      while (open !== -1 && !(starts[open]! <= starts[span]! && starts[span]! <= this.#end(open)))
        open = this.#namesakes[open]!;
      const above = open === -1 ? first : open;
      if (above !== -1) this.hang(span, above, "parent");
    }
  }

  /**
   * A link names what was there before: the trace that began with or after the linked span hangs below it. Where it
   * is the other trace that began with or after the span that has the link, that one does. Otherwise neither is
   * within the other, and both stay where they are.
   */
  hangByLink(one: SpanLink, other: SpanLink): void {
    const from = this.#placeOf(one);
    const to = this.#placeOf(other);
    if (from === undefined || to === undefined) return;
    for (const slack of [0, CLOCK_SLACK_MS]) {
      if (this.#beginsIn(from, to, slack)) return this.hang(this.#tops[from]!, to, "link");
      if (this.#beginsIn(to, from, slack)) return this.hang(this.#tops[to]!, from, "link");
    }
  }

  /** Which of two traces that tell one thing lies, in time, within the span that tells it in the other. */
  nestings(tie: Tie, one: SpanLink, other: SpanLink): Nesting[] {
    const [a, b] = [this.#placeOf(one), this.#placeOf(other)];
    if (a === undefined || b === undefined || tie === "link") return [];
    const nestings: Nesting[] = [];
    for (const [outer, inner] of [
      [a, b],
      [b, a],
    ] as const)
      if (this.#contains(outer, this.#tops[inner]!))
        nestings.push({ top: this.#tops[inner]!, outer, length: this.#columns.durations[outer] ?? Infinity, tie });
    return nestings;
  }

  /** Hangs what stands at a top below a span, unless it is below that itself. */
  hang(top: number, under: number, tie: Tie): void {
    if (this.parents[top]! >= 0) return;
    const [own, target] = [this.#treeOf(top), this.#treeOf(under)];
    if (own === target) return;
    this.parents[top] = under;
    this.#trees[own] = target;
    this.hung.push({ span: top, tie });
  }

  #placeOf({ traceId, spanId }: SpanLink): number | undefined {
    return this.#find(this.#traces.get(traceId), spanId);
  }

  #find(trace: number | undefined, spanId: string): number | undefined {
    let span = this.#firsts.get(spanId) ?? -1;
    while (span !== -1 && this.#columns.traces[span] !== trace) span = this.#namesakes[span]!;
    return span === -1 ? undefined : span;
  }

  #treeOf(span: number): number {
    let at = span;
    while (this.#trees[at] !== at) {
      // Halves the way for the next one who comes by.
      this.#trees[at] = this.#trees[this.#trees[at]!]!;
      at = this.#trees[at]!;
    }
    return at;
  }

  #end(span: number): number {
    return this.#columns.starts[span]! + (this.#columns.durations[span] ?? Infinity);
  }

  /** Whether the trace of a span began no earlier than the other span. */
  #beginsIn(span: number, other: number, slack: number): boolean {
    return this.#columns.starts[this.#tops[span]!]! >= this.#columns.starts[other]! - slack;
  }

  #contains(outer: number, inner: number): boolean {
    const { starts } = this.#columns;
    return starts[outer]! - CLOCK_SLACK_MS <= starts[inner]! && this.#end(inner) <= this.#end(outer) + CLOCK_SLACK_MS;
  }
}
