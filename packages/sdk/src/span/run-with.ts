import { currentScope, runtime, type Scope } from "../runtime.ts";
import { inherit } from "./association.ts";
import { readBaggage, writeBaggage } from "./baggage.ts";
import { foreignParent } from "./foreign-parent.ts";
import type { SpanRecord } from "./span-record.ts";
import { formatTraceparent, parseTraceparent, type RemoteContext } from "./remote-context.ts";

/**
 * What work belongs to, as plain text: the headers of W3C trace context and baggage. It survives
 * JSON, so it can travel in the message of a queue or to a worker, and headers of a request are one.
 */
export interface TelltaleContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
  readonly baggage?: string;
}

/** Headers as fetch, node:http, a queue or a plain object have them. */
export type HeaderSource =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The context of the active span, for `runWith` in another place: `queue.add({ …, context:
 * Telltale.currentContext() })`. Empty where nothing is active. Session, user, tags, metadata and
 * the prompt's name travel in the baggage.
 */
export function currentContext(): TelltaleContext {
  const scope = currentScope();
  return contextOf(scope, scope?.span);
}

/** The context of a span that is not active itself. */
export function contextOf(scope: Scope | undefined, span: SpanRecord | undefined): TelltaleContext {
  const remote = span === undefined ? (scope?.remote ?? foreignParent()) : undefined;
  const parent = span ?? remote;
  const tracestate = scope?.remote?.traceId === parent?.traceId ? scope?.remote?.tracestate : undefined;
  const baggage = writeBaggage(scope, scope?.remote?.baggage);
  return {
    ...(parent === undefined
      ? {}
      : { traceparent: formatTraceparent(parent.traceId, parent.spanId, remote?.sampled ?? true) }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(baggage === undefined ? {} : { baggage }),
  };
}

/** The same as `currentContext`, as headers added to those given: `fetch(url, { headers: Telltale.inject() })`. */
export function inject(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { ...headers, ...currentContext() };
}

/** The context that came with a request, for `runWith`. Empty when its headers say nothing; never throws. */
export function extract(headers: HeaderSource | undefined | null): TelltaleContext {
  const traceparent = headerOf(headers, "traceparent");
  const tracestate = headerOf(headers, "tracestate");
  const baggage = headerOf(headers, "baggage");
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    ...(baggage === undefined ? {} : { baggage }),
  };
}

/**
 * Runs `work` as part of what `context` tells, and hands on what it returns or throws. Spans in it
 * become children of the span there; session, user, tags and metadata hold as they did there. A
 * context that cannot be read changes nothing.
 */
export function runWith<T>(context: TelltaleContext | undefined | null, work: () => T): T {
  const scope = runtime.pipeline === undefined ? undefined : scopeOf(context);
  return scope === undefined ? work() : runtime.storage.run(scope, work);
}

/**
 * A function that runs as part of what is active now, whenever and by whomever it is called: for
 * event emitters, and for queues whose workers were started before the request came.
 */
export function bind<Values extends unknown[], T>(work: (...values: Values) => T): (...values: Values) => T {
  const scope = currentScope();
  return (...values) => (scope === undefined ? work(...values) : runtime.storage.run(scope, work, ...values));
}

function scopeOf(context: TelltaleContext | undefined | null): Scope | undefined {
  const traceparent = headerOf(context, "traceparent") ?? "";
  const parent = parseTraceparent(traceparent, headerOf(context, "tracestate"));
  const read = readBaggage(headerOf(context, "baggage") ?? "");
  const told = Object.values(read.association).some((value) => value !== undefined);
  if (parent === undefined && !told) return undefined;
  const remote: RemoteContext | undefined = parent === undefined ? undefined : { ...parent, baggage: read.others };
  const outer = currentScope();
  const association = inherit(outer);
  for (const [name, value] of Object.entries(read.association))
    if (value !== undefined) Reflect.set(association, name, value);
  // Without a parent of its own the work stays where it is, and only belongs to more.
  return { ...association, span: remote === undefined ? outer?.span : undefined, remote, tapped: false };
}

function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  try {
    const get: unknown = Reflect.get(headers, "get");
    const value: unknown =
      typeof get === "function"
        ? Reflect.apply(get, headers, [name])
        : (Reflect.get(headers, name) ?? anyCase(headers, name));
    // Node gives repeated headers as a list; those of baggage and tracestate are one list.
    if (Array.isArray(value)) return value.filter((item) => typeof item === "string").join(",");
    return typeof value === "string" && value !== "" ? value : undefined;
  } catch {
    return undefined;
  }
}

function anyCase(headers: object, name: string): unknown {
  const key = Object.keys(headers).find((candidate) => candidate.toLowerCase() === name);
  return key === undefined ? undefined : Reflect.get(headers, key);
}
