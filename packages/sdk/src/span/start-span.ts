import { currentScope, runtime, type Scope } from "../runtime.ts";
import { now, nowOfNewTrace } from "./clock.ts";
import { foreignParent } from "./foreign-parent.ts";
import { newSpanId, newTraceId } from "./random-id.ts";
import type { SpanRecord } from "./span-record.ts";

/** A record without content: ids, times, an empty map. */
const BASE_BYTES = 512;

/**
 * Begins a span below the active one; else below the one that `runWith` told; else below the active
 * span of another OpenTelemetry set-up; else as the root of a new trace. `scope` is what is active,
 * where that is known better.
 */
export function startSpan(name: string, kind: 1 | 2 | 3, scope: Scope | undefined = currentScope()): SpanRecord {
  const active = scope?.span;
  // With another tracer joined, its span may lie between ours.
  const parent = active && (runtime.foreignTree?.between(foreignParent(), active) ?? active);
  const foreign = parent === undefined ? (scope?.remote ?? foreignParent()) : undefined;
  const startTime = parent === undefined ? nowOfNewTrace() : now();
  return {
    traceId: parent?.traceId ?? foreign?.traceId ?? newTraceId(),
    spanId: newSpanId(),
    parentSpanId: parent?.spanId ?? foreign?.spanId,
    remoteParent: foreign !== undefined,
    traceState: foreign?.tracestate,
    parentSampled: foreign?.sampled,
    name,
    kind,
    startTime,
    endTime: startTime,
    attributes: new Map(),
    events: undefined,
    failed: false,
    statusMessage: "",
    heldBytes: BASE_BYTES,
    silent: scope?.silent === true || active?.silent === true,
    unread: undefined,
    // As `inherit` tells them, name by name: a spread takes longer than all the rest.
    sessionId: scope?.sessionId,
    userId: scope?.userId,
    agentName: scope?.agentName,
    tags: scope?.tags,
    metadata: scope?.metadata,
    prompt: scope?.prompt,
    captureContent: scope?.captureContent,
  };
}
