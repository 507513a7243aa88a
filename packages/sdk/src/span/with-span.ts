import { debug, messageOf } from "../diagnostics.ts";
import { Losable } from "../losable.ts";
import { currentScope, runtime, type Scope } from "../runtime.ts";
import { activeSpanOf, type ActiveSpan, finishSpan, idleSpan } from "./active-span.ts";
import { inherit, isSettable, type SettableValue } from "./association.ts";
import { followResult, type Settled } from "./follow-result.ts";
import { isDetour } from "./is-detour.ts";
import { recordError } from "./record-error.ts";
import { setContent } from "./span-content.ts";
import { NAME_ATTRIBUTES, OPERATIONS, type SpanKind } from "./span-kind.ts";
import type { SpanRecord } from "./span-record.ts";
import { startSpan } from "./start-span.ts";
import { toldId, toldName } from "./told-name.ts";

/** What can be told about a span when it starts. */
export interface SpanOptions {
  /** Default: `workflow` for the first span of a trace, `span` for the others. */
  readonly kind?: SpanKind;
  /** What goes in, of any type. */
  readonly input?: unknown;
  /** False keeps what the function returns out of the span. Default true. */
  readonly captureOutput?: boolean;
  /** False sends no content of this span, nor of the spans and model calls below it. */
  readonly captureContent?: boolean;
  /** The conversation this belongs to; spans below it belong to it too. */
  readonly sessionId?: string;
  /** Whom this is done for; spans below it too. */
  readonly userId?: string;
  readonly attributes?: Readonly<Record<string, SettableValue>>;
}

/** Work done inside a span. */
export type SpanWork<T> = (span: ActiveSpan) => T;

/** The name of the thing, where it differs from the name of the span. */
export interface Naming {
  readonly spanName: string;
  readonly name: string;
}

/**
 * Runs `work` inside a new span and hands on exactly what it returns or throws: values,
 * promises (also a client's own promise class), generators and streams, whose span ends with
 * their last step. Without `initialize` it only runs `work`.
 */
export function withSpan<T>(name: string, work: SpanWork<T>): T;
export function withSpan<T>(name: string, options: SpanOptions, work: SpanWork<T>): T;
export function withSpan<T>(name: string, second: SpanOptions | SpanWork<T>, third?: SpanWork<T>): T {
  const { options, work } = readCall("withSpan", second, third);
  return runInSpan({ spanName: name, name }, options, work);
}

/** The options and the function of such a call; without options, and with what is none, there are none. */
export function readCall<Options extends object, T>(
  caller: string,
  second: Options | SpanWork<T>,
  third: SpanWork<T> | undefined,
): { readonly options: Partial<Options>; readonly work: SpanWork<T> } {
  if (typeof second === "function") return { options: {}, work: second };
  if (typeof third !== "function") throw new TypeError(`${caller} needs a function: ${caller}(name, fn).`);
  // Programs without types pass null for "none".
  return { options: typeof second === "object" && second !== null ? second : {}, work: third };
}

/** `withSpan` for callers whose span is not named like the thing it stands for. */
export function runInSpan<T>({ spanName, name }: Naming, options: SpanOptions, work: SpanWork<T>): T {
  if (runtime.pipeline === undefined) return work(idleSpan);
  const scope = currentScope();
  const span = startSpan(toldName(spanName), 1);
  const given: unknown = options.kind;
  const kind = typeof given === "string" ? (given as SpanKind) : span.parentSpanId === undefined ? "workflow" : "span";
  try {
    describeStart(span, kind, toldName(name), options);
  } catch (error) {
    debug(`The options of span "${span.name}" cannot be read: ${messageOf(error)}`);
  }
  const inner: Scope = {
    span,
    tapped: scope?.tapped ?? false,
    remote: scope?.remote,
    call: scope?.call,
    ...inherit(span),
  };
  const settled = new RunningSpan(span, kind, { options, scope: inner });
  let result: T;
  try {
    result = runtime.storage.run(inner, work, activeSpanOf(span, kind));
  } catch (error) {
    settled.failed(error);
    throw error;
  }
  return followResult(result, { storage: runtime.storage, scope: inner, settled });
}

function describeStart(span: SpanRecord, kind: SpanKind, name: string, options: SpanOptions): void {
  const { attributes } = span;
  attributes.set("telltale.span.kind", kind);
  const operation = OPERATIONS.get(kind);
  if (operation !== undefined) attributes.set("gen_ai.operation.name", operation);
  const nameAttribute = NAME_ATTRIBUTES.get(kind);
  if (nameAttribute !== undefined) attributes.set(nameAttribute, name);
  if (kind === "agent") span.agentName = name;
  span.sessionId = toldId(options.sessionId) ?? span.sessionId;
  span.userId = toldId(options.userId) ?? span.userId;
  if (options.captureContent === false) span.captureContent = false;
  for (const [key, value] of Object.entries(options.attributes ?? {})) {
    if (isSettable(value)) attributes.set(key, value);
  }
  setContent(span, kind, "input", options.input);
}

/** A span whose work goes on. Ends once, by whoever tells first. */
class RunningSpan extends Losable implements Settled {
  readonly scope: Scope;
  readonly #span: SpanRecord;
  readonly #kind: SpanKind;
  readonly #keepsOutput: boolean;
  #ended = false;

  constructor(span: SpanRecord, kind: SpanKind, { options, scope }: { options: SpanOptions; scope: Scope }) {
    super();
    this.scope = scope;
    this.#span = span;
    this.#kind = kind;
    this.#keepsOutput = options.captureOutput !== false;
    runtime.open.add(this);
  }

  done(value: unknown): void {
    if (this.#ended) return;
    if (this.#keepsOutput && !hasOutput(this.#span)) setContent(this.#span, this.#kind, "output", value);
    this.#end();
  }

  failed(error: unknown): void {
    if (this.#ended) return;
    if (!isDetour(error)) recordError(this.#span, error);
    this.#end();
  }

  watch(teller: object): void {
    if (!this.#ended) this.heldBy(teller);
  }

  override abandon(): void {
    if (this.#ended) return;
    this.#span.attributes.set("telltale.outcome", "abandoned");
    this.#end();
  }

  #end(): void {
    this.#ended = true;
    runtime.open.delete(this);
    this.heldBy(undefined);
    finishSpan(this.#span);
  }
}

const OUTPUTS = ["telltale.output", "gen_ai.output.messages", "gen_ai.tool.call.result", "gen_ai.retrieval.documents"];

function hasOutput(span: SpanRecord): boolean {
  return OUTPUTS.some((name) => span.attributes.has(name));
}
