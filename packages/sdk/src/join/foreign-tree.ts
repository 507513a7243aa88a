import type { RemoteContext } from "../span/remote-context.ts";
import type { SpanRecord } from "../span/span-record.ts";

/** Foreign spans that are remembered: an asynchronous child may begin after its parent has ended. */
const MOST_REMEMBERED = 10_000;

interface Placed {
  /** Our span that was active when it began. */
  readonly inside: SpanRecord | undefined;
  /** The trace it is shown in. */
  readonly traceId: string;
  readonly parentSpanId: string | undefined;
}

/**
 * Where the spans of another tracer belong among ours. Both tracers see the same program and neither
 * sees the other's spans: a foreign span that began while ours was active is its child, whatever its
 * own tracer thinks, unless its foreign parent began in there too.
 */
export class ForeignTree {
  readonly #placed = new Map<string, Placed>();

  /** A foreign span begins while `inside` is active. */
  begin(span: { traceId: string; spanId: string }, parentId: string | undefined, inside: SpanRecord | undefined): void {
    const parent = parentId === undefined ? undefined : this.#placed.get(parentId);
    const isBelow = inside !== undefined && (parent === undefined || parent.inside !== inside);
    const placed: Placed = isBelow
      ? { inside, traceId: inside.traceId, parentSpanId: inside.spanId }
      : { inside: inside ?? parent?.inside, traceId: parent?.traceId ?? span.traceId, parentSpanId: parentId };
    this.#placed.set(span.spanId, placed);
    if (this.#placed.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#placed.keys()) {
      this.#placed.delete(oldest);
      break;
    }
  }

  /** Where it is shown; undefined when it began before anybody looked. */
  placeOf(spanId: string): Placed | undefined {
    return this.#placed.get(spanId);
  }

  /** The foreign span that one of ours begins in, when it began inside `active` and so lies between them. */
  between(foreign: RemoteContext | undefined, active: SpanRecord): { spanId: string; traceId: string } | undefined {
    const placed = foreign === undefined ? undefined : this.#placed.get(foreign.spanId);
    if (foreign === undefined || placed === undefined || placed.inside !== active) return undefined;
    return { spanId: foreign.spanId, traceId: placed.traceId };
  }
}
