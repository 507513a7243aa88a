import { isOtherLayer, overlaps } from "../engine/billing.ts";
import { linksIn, type SpanLink, type SpanTies } from "./trace-ties.ts";

/** Two spans of different traces that an id ties together. */
export interface SpanPair {
  readonly tie: "link" | "answer" | "toolCall";
  /** Of a link: the span that has it. */
  readonly one: SpanLink;
  /** Of a link: the span that it names. */
  readonly other: SpanLink;
}

/** Spans that tell one answer or one call of a tool, at most: two or three layers do, more is a test server's constant. */
const MOST_TELLERS = 16;
/** Pairs of all spans of a run, at most. */
const MOST_PAIRS = 20_000;

/** Which spans of different traces belong together by a link, by one answer of a provider, or by one call of a tool. */
export function pairsOf(spans: readonly SpanTies[]): readonly SpanPair[] {
  const pairs: SpanPair[] = [];
  for (const one of spans)
    for (const other of linksIn(one.links))
      if (other.traceId !== one.traceId) pairs.push({ tie: "link", one: placeOf(one), other });
  addTold(pairs, "toolCall", spans, "toolCallId");
  addTold(pairs, "answer", spans, "responseId");
  return pairs.slice(0, MOST_PAIRS);
}

function addTold(
  pairs: SpanPair[],
  tie: "answer" | "toolCall",
  spans: readonly SpanTies[],
  key: "responseId" | "toolCallId",
): void {
  const tellers = new Map<string, SpanTies[]>();
  for (const span of spans) {
    if (span[key] === "") continue;
    const told = tellers.get(span[key]);
    if (!told) tellers.set(span[key], [span]);
    else if (told.length < MOST_TELLERS) told.push(span);
  }
  for (const told of tellers.values())
    for (const [at, one] of told.entries())
      for (const other of told.slice(at + 1)) {
        if (one.traceId === other.traceId || !overlaps(one, other)) continue;
        if (tie === "toolCall" || isOtherLayer(one, other))
          pairs.push({ tie, one: placeOf(one), other: placeOf(other) });
      }
}

function placeOf({ traceId, spanId }: SpanTies): SpanLink {
  return { traceId, spanId };
}
