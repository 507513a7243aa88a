import { HookSpan } from "../hook/hook-span.ts";
import { harmless } from "../hook/install-hooks.ts";
import { OpenSpans } from "../hook/open-spans.ts";
import { listOf, property, textOf } from "../hook/read-object.ts";
import { runInside } from "../hook/told-run.ts";
import { currentScope, innerScope, runtime, type Scope } from "../runtime.ts";
import { newSpanId, newTraceId } from "../span/random-id.ts";
import { formatTraceparent, parseTraceparent } from "../span/remote-context.ts";
import { describeEnd } from "./describe-end.ts";
import { isFolded, isLeftOut, startOf } from "./span-start.ts";

const NAME = "mastra";
/** Spans of Mastra's own that may lie between one that is told and the next: a bound, no measure. */
const MOST_INTERNAL = 64;

/** What Mastra takes for the ids of a span of its own. */
export interface MastraSpanIds {
  spanId: string;
  traceId: string;
  parentSpanId?: string;
}

/** What the `bridge` of `@mastra/observability` takes. */
export interface MastraBridge {
  readonly name: string;
  init(options: unknown): void;
  createSpan(options: unknown): MastraSpanIds | undefined;
  executeInContext<T>(spanId: string, work: () => Promise<T>): Promise<T>;
  executeInContextSync<T>(spanId: string, work: () => T): T;
  onTracingEvent(event: unknown): void;
  exportTracingEvent(event: unknown): Promise<void>;
  releaseSpan(spanId: string): void;
  flush(): Promise<void>;
  shutdown(): Promise<void>;
}

/**
 * For `new Observability({ configs: { default: { serviceName, bridge: Telltale.mastra() } } })` of Mastra:
 * agents, workflows, steps and tools become spans, and requests hang below the step that they leave in.
 * Does nothing before `initialize` and after `shutdown`. Never throws.
 */
export function mastra(): MastraBridge {
  const runs = new MastraRuns();
  const init = harmless(NAME, (options: unknown) => runs.leaveOut(property(options, "config")));
  const begin = harmless(NAME, (options: unknown) => runs.begin(options));
  const hear = harmless(NAME, (event: unknown) => runs.hear(event));
  const release = harmless(NAME, (spanId: string) => runs.end(spanId, undefined));
  const flush = async (): Promise<void> => runtime.pipeline?.flush();
  return {
    name: "telltale",
    init,
    createSpan: (options) => (runtime.pipeline === undefined ? undefined : begin(options)),
    executeInContext: (spanId, work) => runs.run(spanId, work),
    executeInContextSync: (spanId, work) => runs.run(spanId, work),
    onTracingEvent: hear,
    exportTracingEvent: (event) => Promise.resolve(hear(event)),
    releaseSpan: release,
    flush,
    // Others may still be watched: the SDK itself is ended by its own `shutdown`.
    shutdown: flush,
  };
}

/** What is known of a span while it is open. */
interface Known {
  readonly id: string;
  readonly type: string;
  readonly parent: HookSpan | undefined;
  /** What the model was last said to be asked, for models that no wire sees. */
  asked?: unknown;
  /** Requests leave in the context of the step; what tells of the call is a span below it. */
  call?: HookSpan;
  isWatched?: boolean;
}

/** The runs of one Mastra that are going on, by the ids that they were given here. */
class MastraRuns {
  readonly #spans = new OpenSpans();
  readonly #known = new WeakMap<HookSpan, Known>();
  #excluded: ReadonlySet<unknown> = new Set();

  /** Kinds of spans that the program does not want. */
  leaveOut(config: unknown): void {
    this.#excluded = new Set(listOf(config, "excludeSpanTypes"));
  }

  begin(options: unknown): MastraSpanIds | undefined {
    const type = textOf(options, "type") ?? "";
    if (property(options, "isEvent") === true || isLeftOut(type)) return undefined;
    const parent = this.#parentOf(options);
    const isExcluded = this.#excluded.has(type);
    if (isExcluded && parent === undefined) return undefined;
    const isWithout = isExcluded || isFolded(type);
    const span = isWithout && parent !== undefined ? parent : this.#beginSpan(type, options, parent);
    const id = (span === parent ? undefined : span.told.span?.spanId) ?? newSpanId();
    if (span === parent) this.#spans.alias(id, span);
    else this.#know(span, { id, type, parent });
    return { ...idsOf(options, span), spanId: id };
  }

  #beginSpan(type: string, options: unknown, parent: HookSpan | undefined): HookSpan {
    const outer = innerScope(currentScope(), parent?.scope) ?? elsewhere(options);
    const span = new HookSpan({ ...startOf(type, options), hook: NAME, outer });
    const metadata = property(options, "metadata");
    const sessionId = textOf(metadata, "sessionId") ?? textOf(property(options, "attributes"), "conversationId");
    const userId = textOf(metadata, "userId");
    if (sessionId !== undefined) span.belongTo({ sessionId });
    if (userId !== undefined) span.belongTo({ userId });
    const tags = listOf(options, "tags").filter((tag) => typeof tag === "string");
    if (tags.length > 0) span.belongTo({ tags });
    return span;
  }

  #know(span: HookSpan, known: Known): void {
    this.#known.set(span, known);
    this.#spans.keep(known.id, span);
    const above = known.parent === undefined ? undefined : this.#known.get(known.parent);
    if (known.type === "model_inference" && above !== undefined) above.call = span;
  }

  /** The nearest span above that was told; what Mastra runs for itself in between is not. */
  #parentOf(options: unknown): HookSpan | undefined {
    let above = property(options, "parent");
    for (let count = 0; above !== undefined && count < MOST_INTERNAL; count++) {
      const span = this.#spans.get(textOf(above, "id") ?? "");
      if (span !== undefined) {
        this.#watch(span, above);
        return span;
      }
      above = property(above, "parent");
    }
    return this.#spans.get(textOf(options, "parentSpanId") ?? "");
  }

  /** A run that nobody brings to its end is over when Mastra's own span of it is thrown away. */
  #watch(span: HookSpan, own: unknown): void {
    const known = this.#known.get(span);
    if (known === undefined || known.isWatched === true || textOf(own, "id") !== known.id) return;
    known.isWatched = true;
    if (typeof own === "object" && own !== null) span.watch(own);
  }

  run<T>(spanId: string, work: () => T): T {
    const span = this.#spans.get(spanId);
    const call = span === undefined ? undefined : this.#known.get(span)?.call;
    if (call?.open === true) return call.run(work);
    return runInside(span?.told, work);
  }

  hear(event: unknown): void {
    const told = property(event, "exportedSpan");
    const id = textOf(told, "id") ?? "";
    if (property(event, "type") === "span_ended") return this.end(id, told);
    const type = property(told, "type");
    if (type !== "model_generation" && type !== "model_step") return;
    const known = this.#knownOf(this.#spans.get(id));
    const input = property(told, "input");
    if (known !== undefined && input !== undefined) known.asked = input;
  }

  /** `told` is undefined for a span that the program filters out: it keeps its place, without what is in it. */
  end(id: string, told: unknown): void {
    const span = this.#spans.take(id);
    const known = this.#knownOf(span);
    if (span === undefined || known?.id !== id) return;
    known.call?.end();
    const step = this.#knownOf(known.parent);
    const asked = step?.asked ?? this.#knownOf(step?.parent)?.asked;
    describeEnd(span, { type: known.type, told, asked });
  }

  #knownOf(span: HookSpan | undefined): Known | undefined {
    return span === undefined ? undefined : this.#known.get(span);
  }
}

/** A run that another process began, or this one before it was suspended: Mastra kept the ids. */
function elsewhere(options: unknown): Scope | undefined {
  const traceId = textOf(options, "traceId") ?? "";
  const spanId = textOf(options, "parentSpanId") ?? textOf(options, "externalParentSpanId") ?? "";
  const remote = parseTraceparent(formatTraceparent(traceId, spanId, true));
  return remote === undefined ? undefined : { span: undefined, tapped: false, remote };
}

/** Mastra keeps the trace that the program told it; a span of ours above another trace is no parent of it there. */
function idsOf(options: unknown, span: HookSpan): Omit<MastraSpanIds, "spanId"> {
  const parent = property(options, "parent");
  const above = textOf(parent, "traceId") ?? textOf(options, "traceId");
  const parentSpanId = textOf(parent, "id");
  const traceId = above ?? span.told.span?.traceId ?? span.told.above?.traceId ?? newTraceId();
  return { traceId, ...(parentSpanId === undefined ? {} : { parentSpanId }) };
}
