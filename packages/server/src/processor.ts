import type { Span } from "@telltale/model";

/**
 * One step on the way of a span from translation to the store. Steps run in the order of the
 * list in `pipeline.ts`; each gets spans it owns and may answer with others, but never changes
 * what it was given. A step that throws costs its spans nothing but the step.
 */
export interface Processor {
  /** A verb: `price`, `group`. */
  readonly name: string;
  /** Makes the step once per engine process. */
  create(): (span: Span) => Span;
}
