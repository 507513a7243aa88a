/**
 * A framework that tells of its work through a door of its own: a registry that it keeps on
 * `globalThis`, a diagnostics channel, callbacks. Structure comes from here (agents, steps, tools,
 * retrievals); what goes over the network is told by the wires. A model call that both see is one call:
 * its requests are its spans, see `hook/told-model-call.ts`.
 */
export interface Hook {
  /** A noun, as the package is called: `langchain`. */
  readonly name: string;
  /**
   * Called once by `initialize`, whether or not the program uses the framework, which may be loaded
   * before or after. Loads nothing of it, costs next to nothing, and never throws. Answers with
   * the undo function, which leaves the framework as it would be without us.
   */
  install(): () => void;
}
