import { debug, messageOf } from "../diagnostics.ts";
import { currentScope, runtime } from "../runtime.ts";
import { type ForeignSpan, parentIdOf, recordOf } from "./foreign-span.ts";
import { ForeignTree } from "./foreign-tree.ts";

/** A span processor of OpenTelemetry's SDK, whichever version, without needing it here. */
export interface JoinedSpanProcessor {
  onStart(span: unknown, parentContext?: unknown): void;
  onEnd(span: unknown): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

const SAMPLED = 1;

/**
 * A span processor for an OpenTelemetry set-up that is there already:
 * `new NodeSDK({ spanProcessors: [Telltale.spanProcessor(), …] })`. Its spans are sent to Telltale
 * too, in one tree with ours; what the set-up itself exports stays as it is. Nothing in it throws.
 */
export function spanProcessor(): JoinedSpanProcessor {
  const tree = (runtime.foreignTree ??= new ForeignTree());
  return {
    onStart: (span) => {
      guarded(() => {
        const { traceId, spanId } = (span as ForeignSpan).spanContext();
        tree.begin({ traceId, spanId }, parentIdOf(span as ForeignSpan), currentScope()?.span);
      });
    },
    onEnd: (span) => {
      guarded(() => {
        const ended = span as ForeignSpan;
        const { traceId, spanId, traceFlags } = ended.spanContext();
        if (runtime.pipeline === undefined || (traceFlags & SAMPLED) === 0) return;
        const place = tree.placeOf(spanId) ?? { traceId, parentSpanId: parentIdOf(ended) };
        runtime.pipeline.add(recordOf(ended, place));
      });
    },
    forceFlush: async () => {
      await runtime.pipeline?.flush();
    },
    // The other set-up may end before ours does.
    shutdown: async () => {
      await runtime.pipeline?.flush();
    },
  };
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    debug(`A span of another tracer was left out: ${messageOf(error)}`);
  }
}
