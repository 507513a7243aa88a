import type { RemoteContext } from "./remote-context.ts";

// The two symbols below are how every copy of @opentelemetry/api 1.x finds the others
// (its internal/global-utils.ts and context/context.ts). Reading them costs nothing; loading
// the package costs 51 modules and 28 ms at start-up.
/** Where every copy of `@opentelemetry/api` keeps what is registered. */
export const API: unique symbol = Symbol.for("opentelemetry.js.api.1");
const SPAN_KEY = Symbol.for("OpenTelemetry Context Key SPAN");
const SUPPRESS_KEY = Symbol.for("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;

interface ForeignSpanContext {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceFlags?: number;
}

interface ForeignContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): ForeignContext;
}

interface ForeignContextManager {
  active(): ForeignContext;
  with(context: ForeignContext, work: () => void): void;
}

function contextManager(): ForeignContextManager | undefined {
  // As a property and not by Reflect, which looks through all of globalThis each time: this is asked for each call.
  const registry = (globalThis as Record<symbol, unknown>)[API];
  if (typeof registry !== "object" || registry === null) return undefined;
  const manager: unknown = Reflect.get(registry, "context");
  if (typeof manager !== "object" || manager === null) return undefined;
  return manager as ForeignContextManager;
}

/** The active span of the OpenTelemetry set-up that the program has, if it has one. Never throws. */
export function foreignParent(): RemoteContext | undefined {
  try {
    const span = contextManager()?.active().getValue(SPAN_KEY);
    if (typeof span !== "object" || span === null) return undefined;
    const { traceId, spanId, traceFlags } = (span as { spanContext(): ForeignSpanContext }).spanContext();
    if (traceId === undefined || spanId === undefined) return undefined;
    const sampled = traceFlags === undefined || (traceFlags & 1) === 1;
    return TRACE_ID.test(traceId) && SPAN_ID.test(spanId) ? { traceId, spanId, sampled } : undefined;
  } catch {
    return undefined;
  }
}

/** Runs `work` so that the program's own OpenTelemetry set-up makes no spans of it. */
export function hideFromForeignTracers(work: () => void): void {
  let manager: ForeignContextManager | undefined;
  let context: ForeignContext | undefined;
  try {
    manager = contextManager();
    context = manager?.active().setValue(SUPPRESS_KEY, true);
  } catch {
    context = undefined;
  }
  if (manager === undefined || context === undefined) work();
  else manager.with(context, work);
}
