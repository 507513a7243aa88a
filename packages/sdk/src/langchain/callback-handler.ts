import { property } from "../hook/read-object.ts";
import { debug, messageOf } from "../diagnostics.ts";
import { ToldModelCall } from "../hook/told-model-call.ts";
import { runInside, type ToldRun } from "../hook/told-run.ts";
import { currentScope, runtime, type Scope } from "../runtime.ts";
import { beginChain, beginModel, beginRetriever, beginTool } from "./begin-run.ts";
import { describeEnd } from "./describe-end.ts";
import { describeModelCall, firstToken } from "./describe-model-call.ts";
import type { RunShape } from "./run-shape.ts";

/** A run of LangChain, and what is known of it. */
export interface LangchainRun {
  readonly run: ToldRun;
  /** Undefined for models, tools and retrievers. */
  readonly shape: RunShape | undefined;
  /** Of a graph that is a node of another: the node. */
  readonly node?: LangchainRun;
  /** Of a graph: the nodes that ran. */
  nodes?: Set<string>;
}

/** Where a run begins. */
export interface Place {
  /** The run that LangChain names as the parent. */
  readonly parent: LangchainRun | undefined;
  /** A run that began in the same breath. */
  readonly neighbour: ToldRun | undefined;
  readonly outer: Scope | undefined;
}

/** As `CallbackManager` passes runs around. */
type RunId = string;

// Holds no reference to what LangChain keeps for a run: when that is thrown away untold, the run is over.
const lost = new FinalizationRegistry<LostRun>(({ runs, runId }) => {
  const told = runs.get(runId);
  runs.delete(runId);
  told?.run.abandon();
});

interface LostRun {
  readonly runs: Map<RunId, LangchainRun>;
  readonly runId: RunId;
}

/**
 * A callback handler of LangChain, by its documented interface; no class of LangChain is needed for
 * one. The start of a run is told where it happens (`awaitHandlers`), so it is known where the
 * program is, and the end is told at its time and not in a queue behind other handlers.
 */
export class LangchainHandler {
  readonly name = "telltale";
  readonly awaitHandlers = true;
  readonly raiseError = false;
  readonly ignoreLLM = false;
  readonly ignoreChain = false;
  readonly ignoreAgent = false;
  readonly ignoreRetriever = false;
  readonly ignoreCustomEvent = true;
  readonly #runs = new Map<RunId, LangchainRun>();
  /** The run that began last, as long as the program has not gone on since. */
  #latest: ToldRun | undefined;

  copy(): this {
    return this;
  }

  /** Runs something where LangChain is about to run it inside a run. */
  readonly runInside = <T>(runId: RunId, work: () => T): T => runInside(this.#runs.get(runId)?.run, work);

  handleChainStart(
    serialized: unknown,
    inputs: unknown,
    runId: RunId,
    parentRunId?: RunId,
    tags?: unknown,
    metadata?: unknown,
    runType?: unknown,
    runName?: unknown,
  ): void {
    this.#begin(runId, tags, (place) =>
      beginChain({ serialized, inputs, tags, metadata, runType, runName, ...place(parentRunId) }),
    );
  }

  handleChatModelStart(
    serialized: unknown,
    messages: unknown,
    runId: RunId,
    parentRunId?: RunId,
    extra?: unknown,
    tags?: unknown,
    metadata?: unknown,
  ): void {
    this.#begin(runId, tags, (place) =>
      beginModel({ serialized, input: messages, extra, tags, metadata, ...place(parentRunId) }),
    );
  }

  handleLLMStart(
    serialized: unknown,
    prompts: unknown,
    runId: RunId,
    parentRunId?: RunId,
    extra?: unknown,
    tags?: unknown,
    metadata?: unknown,
  ): void {
    this.handleChatModelStart(serialized, prompts, runId, parentRunId, extra, tags, metadata);
  }

  handleToolStart(
    serialized: unknown,
    input: unknown,
    runId: RunId,
    parentRunId?: RunId,
    tags?: unknown,
    metadata?: unknown,
    runName?: unknown,
    toolCallId?: unknown,
  ): void {
    this.#begin(runId, tags, (place) =>
      beginTool({ serialized, input, tags, metadata, runName, toolCallId, ...place(parentRunId) }),
    );
  }

  handleRetrieverStart(
    serialized: unknown,
    query: unknown,
    runId: RunId,
    parentRunId?: RunId,
    tags?: unknown,
    metadata?: unknown,
    runName?: unknown,
  ): void {
    this.#begin(runId, tags, (place) =>
      beginRetriever({ serialized, query, tags, metadata, runName, ...place(parentRunId) }),
    );
  }

  handleLLMNewToken(_token: unknown, _index: unknown, runId: RunId): void {
    const run = this.#runs.get(runId)?.run;
    if (run instanceof ToldModelCall && !run.isSeen) firstToken(run);
  }

  handleLLMEnd(output: unknown, runId: RunId, _parent?: RunId, _tags?: unknown, extra?: unknown): void {
    this.#end(runId, ({ run }) => {
      if (run instanceof ToldModelCall && property(extra, "cached") === true) run.cached = true;
      run.end((span) => describeModelCall(span, run, output));
    });
  }

  handleChainEnd(output: unknown, runId: RunId, _parent?: RunId, _tags?: unknown, extra?: unknown): void {
    this.#end(runId, (told) => told.run.end((span) => describeEnd(span, told, output, property(extra, "inputs"))));
  }

  handleToolEnd(output: unknown, runId: RunId): void {
    this.#end(runId, (told) => told.run.end((span) => describeEnd(span, told, output)));
  }

  handleRetrieverEnd(documents: unknown, runId: RunId): void {
    this.handleToolEnd(documents, runId);
  }

  handleLLMError(error: unknown, runId: RunId): void {
    this.#fail(error, runId);
  }

  handleChainError(error: unknown, runId: RunId): void {
    this.#fail(error, runId);
  }

  handleToolError(error: unknown, runId: RunId): void {
    this.#fail(error, runId);
  }

  handleRetrieverError(error: unknown, runId: RunId): void {
    this.#fail(error, runId);
  }

  #begin(runId: RunId, teller: unknown, begin: (place: (id: RunId | undefined) => Place) => LangchainRun): void {
    if (runtime.pipeline === undefined || this.#runs.has(runId)) return;
    attempt("start", () => {
      const told = begin((id) => this.#placeOf(id));
      this.#runs.set(runId, told);
      told.run.enter();
      this.#latest = told.run;
      queueMicrotask(() => {
        if (this.#latest === told.run) this.#latest = undefined;
      });
      if (typeof teller === "object" && teller !== null) lost.register(teller, { runs: this.#runs, runId });
    });
  }

  /**
   * LangChain goes on asynchronously after each start. So a run that begins in the same breath as the one
   * before is its neighbour (several inputs at once), although that one's context is active.
   */
  #placeOf(parentRunId: RunId | undefined): Place {
    const scope = currentScope();
    const neighbour = scope !== undefined && scope === this.#latest?.scope ? this.#latest : undefined;
    return {
      parent: parentRunId === undefined ? undefined : this.#runs.get(parentRunId),
      neighbour,
      outer: neighbour === undefined ? scope : neighbour.scope.outer,
    };
  }

  #end(runId: RunId, end: (told: LangchainRun) => void): void {
    const told = this.#runs.get(runId);
    if (told === undefined) return;
    this.#runs.delete(runId);
    attempt("end", () => end(told));
    // What could not be described is over all the same.
    told.run.end();
  }

  /** Interrupts and commands to a graph above travel as errors; they are how a graph goes on. */
  #fail(error: unknown, runId: RunId): void {
    this.#end(runId, (told) => {
      if (property(error, "is_bubble_up") !== true) return failed(told.run, error);
      const name = property(error, "name");
      const output = name === "ParentCommand" ? property(error, "command") : property(error, "interrupts");
      told.run.end((span) => {
        if (name === "GraphInterrupt" || name === "NodeInterrupt")
          span.attributes.set("telltale.outcome", "interrupted");
        describeEnd(span, told, output);
      });
    });
  }
}

/** LangGraph tells of what the program stopped as an error of its own. */
function failed(run: ToldRun, error: unknown): void {
  const isAbort = property(error, "name") === "AbortError" || /^abort(?:ed)?$/i.test(messageOf(error));
  if (isAbort) run.span?.attributes.set("telltale.outcome", "aborted");
  run.fail(error);
}

/** LangChain would print what is thrown here. */
function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    debug(`The ${what} of a run of LangChain was not understood: ${messageOf(error)}`);
  }
}
