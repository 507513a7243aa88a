import { expect } from "vitest";
import type { ReadSpan } from "../../../packages/sdk/src/testing/read-spans.ts";

/**
 * The spans as lines, each two spaces further in than its parent; siblings by start, then name.
 * A failed span ends in ` !` and its error type. A span whose parent is not among them stands at the
 * left with `?` before it, one of another trace than the first with its trace id: neither is in a
 * tree of its own that should be one.
 */
export function treeOf(spans: readonly ReadSpan[]): readonly string[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const sorted = spans.toSorted(byStart);
  const lines: string[] = [];
  const add = (span: ReadSpan, depth: number): void => {
    const error = span.statusCode === 2 ? ` ! ${String(span.attributes["error.type"] ?? "")}` : "";
    lines.push(`${"  ".repeat(depth)}${span.name}${error}`);
    for (const child of sorted) if (child.parentSpanId === span.spanId) add(child, depth + 1);
  };
  for (const span of sorted) {
    if (known.has(span.parentSpanId)) continue;
    if (span.parentSpanId !== "") lines.push(`? ${span.parentSpanId}`);
    if (span.traceId !== sorted[0]?.traceId) lines.push(`trace ${span.traceId}`);
    add(span, 0);
  }
  return lines;
}

function byStart(first: ReadSpan, second: ReadSpan): number {
  if (first.start !== second.start) return first.start < second.start ? -1 : 1;
  return first.name < second.name ? -1 : 1;
}

/**
 * Lines of which those that end in ` *` are of a call that a framework both cancels and stops reading: which of the two
 * comes first is chance, and each is told as what it was.
 */
export function eitherWay(lines: readonly string[]): unknown[] {
  return lines.map((line) =>
    line.endsWith(" *") ? (expect.stringMatching(`^${line.slice(0, -2)}(?: ! AbortError)?$`) as string) : line,
  );
}
