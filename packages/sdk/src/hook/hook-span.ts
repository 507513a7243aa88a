import type { AttributeMap } from "../attribute-value.ts";
import { currentScope, runtime, type Scope } from "../runtime.ts";
import { type Association, isSettable } from "../span/association.ts";
import { recordError } from "../span/record-error.ts";
import { setContent } from "../span/span-content.ts";
import { NAME_ATTRIBUTES, OPERATIONS, type SpanKind, toldKind } from "../span/span-kind.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { ToldModelCall } from "./told-model-call.ts";
import { ToldRun } from "./told-run.ts";

/** Kinds that stand for one call to a model, with the conventions' operation. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ["llm", "chat"],
  ["embedding", "embeddings"],
  ["rerank", "rerank"],
]);

/** What a hook knows when something begins. */
export interface HookSpanStart {
  /** Name of the hook; kept as `telltale.hook`. */
  readonly hook: string;
  /** Name of the span, as the conventions build it: `invoke_agent planner`, `chat gpt-4o`. */
  readonly name: string;
  readonly kind: SpanKind | "llm" | "embedding" | "rerank";
  /** Name of the thing itself (`planner`), for kinds that have an attribute for it. */
  readonly subject?: string | undefined;
  /** What it belongs below, where the framework says so (`parent.scope`); else what is active. */
  readonly outer?: Scope | undefined;
  /** When it began, in ms since 1970, where that is told later; else now. */
  readonly startTime?: number | undefined;
}

/** An embedding or a rerank is what it asks for; a chat may ask for these on its way. */
const ASIDES: ReadonlyMap<string, RegExp> = new Map([
  ["embedding", /rerank|moderation/],
  ["rerank", /embed|moderation/],
]);

/**
 * A run that a framework tells of, with the attributes that its kind has. Put `scope` where the framework
 * keeps context (`channel.start.bindStore`, `runtime.contexts`), or let its work go through `run`: then
 * spans made inside are its children. A model call whose requests are seen is told by these instead
 * (see `told-model-call.ts`). Ends once; everything after that is ignored.
 */
export class HookSpan {
  readonly told: ToldRun;
  readonly #span: SpanRecord | undefined;
  readonly #kind: SpanKind;

  constructor({ hook, name, kind, subject, outer, startTime }: HookSpanStart) {
    const isCall = CALLS.has(kind);
    const around = isCall ? (outer ?? currentScope())?.call : undefined;
    // A framework that calls a model by way of another: the outer one tells the call.
    const folded = around instanceof ToldModelCall && around.open;
    this.#kind = toldKind(kind);
    const start = { name, outer, folded, startTime };
    this.told = isCall && !folded ? new ToldModelCall(start, undefined, ASIDES.get(kind)) : new ToldRun(start);
    this.#span = this.told.span;
    if (!isCall) this.told.scope.call = undefined;
    if (this.#span === undefined) return;
    const { attributes } = this.#span;
    if (isCall) this.#span.kind = 3;
    attributes.set("telltale.span.kind", kind);
    attributes.set("telltale.hook", hook);
    const operation = CALLS.get(kind) ?? OPERATIONS.get(this.#kind);
    if (operation !== undefined) attributes.set("gen_ai.operation.name", operation);
    const nameAttribute = NAME_ATTRIBUTES.get(this.#kind);
    if (nameAttribute !== undefined && subject !== undefined) attributes.set(nameAttribute, subject);
    if (kind === "agent" && subject !== undefined) this.belongTo({ agentName: subject });
  }

  /** What is active inside; after the end, what is active around it. */
  get scope(): Scope {
    return this.told.scope;
  }

  /** Whether it has not ended. */
  get open(): boolean {
    return this.told.open;
  }

  /** Runs the framework's work inside, and hands on what it returns or throws. */
  run<T>(work: () => T): T {
    return runtime.storage.run(this.told.scope, work);
  }

  /** Gives it another name, where the end tells more than the start. */
  rename(name: string): void {
    if (this.open && this.#span !== undefined) this.#span.name = name;
  }

  /** Sets an attribute where the value can be one; everything else is left out. */
  set(name: string, value: unknown): void {
    if (this.open && isSettable(value)) this.#span?.attributes.set(name, value);
  }

  /** Says which session, user or agent this and the spans begun in it from now on belong to. */
  belongTo(association: Association): void {
    Object.assign(this.told.scope, association);
    if (this.#span !== undefined) Object.assign(this.#span, association);
  }

  /** What went in; kept only where content is captured. For model calls use the `describe` of `end`. */
  setInput(value: unknown): void {
    this.#setContent("input", value);
  }

  /** What came out; as `setInput`. */
  setOutput(value: unknown): void {
    this.#setContent("output", value);
  }

  #setContent(direction: "input" | "output", value: unknown): void {
    if (this.open && this.#span !== undefined) setContent(this.#span, this.#kind, direction, value);
  }

  /** Marks it as failed by what was thrown; `end` is still to come. */
  fail(error: unknown): void {
    if (this.open && this.#span !== undefined) recordError(this.#span, error);
  }

  /** Marks it as failed where the framework tells no error but its text; `type` is of low cardinality. */
  failWith(type: string, message: string): void {
    if (!this.open || this.#span === undefined) return;
    this.#span.failed = true;
    this.#span.statusMessage = message;
    this.#span.attributes.set("error.type", type);
  }

  /**
   * Ends it, at `endTime` or now. `describe` adds content and usage of a model call; it runs for these, and
   * when no request was seen.
   */
  end(describe?: (attributes: AttributeMap) => void, endTime?: number): void {
    const isUnseen = this.told instanceof ToldModelCall && !this.told.isSeen;
    this.told.end((span) => (isUnseen ? describe?.(span.attributes) : undefined), endTime);
  }

  /** Ends it as something that nobody brought to its end. */
  abandon(): void {
    this.told.abandon();
  }

  /** Abandons it when the program drops `holder`, such as a stream that nobody reads any more. */
  watch(holder: object): void {
    if (this.told.open) this.told.heldBy(holder);
  }
}
