import type { Finding, Span } from "@telltale/model";

/**
 * Finds one thing that goes wrong in a run. It only reads spans and keeps nothing between calls of `create`, so the
 * same code stops a loop inside the program and reports it on the server.
 */
export interface Detector {
  /** Kebab-case, named for what it finds: `repeated-call`. */
  readonly name: string;
  /** What it finds, in one line. */
  readonly summary: string;
  /** Begins to watch one trace. */
  create(): TraceWatch;
}

/** A detector at work on one trace. */
export interface TraceWatch {
  /**
   * Called for each span of the trace when it has ended, in order of ending. Never throws and never changes the span.
   * Answers with what this span completes: the same trouble is told again only when it has grown.
   */
  see(span: Span): Finding | undefined;
}
