import type { TraceIndex } from "./trace-index.ts";

/** Spans whose name, model, tool, agent, or shown text contains the words, in tree order. */
export function searchSpans(index: TraceIndex, words: string): number[] {
  const wanted = words.trim().toLowerCase();
  if (wanted === "") return [];
  const { skeleton } = index;
  // Each repeated text is looked at once, however many spans have it.
  const matches = skeleton.strings.map((text) => text.toLowerCase().includes(wanted));
  const found: number[] = [];
  for (const span of index.order) {
    const columns = [
      skeleton.name,
      skeleton.model,
      skeleton.toolName,
      skeleton.agentName,
      skeleton.inputPreview,
      skeleton.outputPreview,
    ];
    if (columns.some((column) => matches[column[span] ?? -1] === true) || skeleton.spanId[span] === wanted)
      found.push(span);
  }
  return found;
}

/** The next failed span behind a place in tree order, going round; `undefined` when none failed. */
export function nextFailed(index: TraceIndex, after: number | undefined): number | undefined {
  const start = after === undefined ? -1 : (index.place[after] ?? -1);
  for (let step = 1; step <= index.count; step++) {
    const span = index.order[(start + step) % index.count];
    if (span !== undefined && index.failed[span] === 1) return span;
  }
  return undefined;
}
