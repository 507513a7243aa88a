/**
 * A framework that tells of its work through a door of its own: a registry that it keeps on
 * `globalThis`, a diagnostics channel, callbacks, a variable of the environment. Structure comes from
 * here (workflows, agents, steps, tools, retrievals, handoffs, guardrails); what goes over the network
 * is told by the wires. A model call that both see is one call: its requests are its spans, see
 * `hook/told-model-call.ts`.
 *
 * A hook never imports or loads its framework, never changes how modules are loaded, and keeps none
 * of its objects alive longer than the framework does (`WeakMap`, or `OpenSpans`, which is bounded).
 */
export interface Hook {
  /** A noun, as the package is called: `langchain`. */
  readonly name: string;
  /**
   * Called once by `initialize`, whether or not the program uses the framework, which may be loaded
   * before, after or more than once, in any module system. Costs next to nothing. What it throws costs
   * the spans of this framework and nothing else.
   *
   * What is handed to the framework must not throw either (wrap it in `harmless`), returns what the
   * framework would get without us, and changes nothing that is passed.
   *
   * Answers with the undo function, called by `shutdown` before open spans are ended. It leaves the
   * framework as it would be without us; where a framework has no way out, what stays does nothing.
   */
  install(): () => void;
}
