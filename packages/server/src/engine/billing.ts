import type { Billing } from "@telltale/model";
import type { SpanFacts } from "./span-facts.ts";
import { hasUsage } from "./span-facts.ts";

/** Kinds that stand for one call of a provider. */
const CALL_KINDS = new Set(["llm", "embedding", "rerank"]);
/** Two layers of one call see its start and end a little apart; sequential calls do not overlap. */
const CLOCK_SLACK_NANOS = 5_000_000n;

/** Whether the span takes part in billing at all. */
function isCandidate(span: SpanFacts): boolean {
  return CALL_KINDS.has(span.kind) || hasUsage(span);
}

function sameTokens(a: SpanFacts, b: SpanFacts): boolean {
  return (a.inputTokens ?? 0) === (b.inputTokens ?? 0) && (a.outputTokens ?? 0) === (b.outputTokens ?? 0);
}

function sameModel(a: SpanFacts, b: SpanFacts): boolean {
  return a.model === "" || b.model === "" || a.model === b.model;
}

type Interval = Pick<SpanFacts, "startTime" | "endTime">;

/** Whether two spans were open at the same time. */
export function overlaps(a: Interval, b: Interval): boolean {
  return a.startTime <= b.endTime + CLOCK_SLACK_NANOS && b.startTime <= a.endTime + CLOCK_SLACK_NANOS;
}

/** Whether both name the same answer of the provider, and can be it: a provider's id may be a fake's constant. */
export function sameAnswer(a: SpanFacts, b: SpanFacts): boolean {
  return a.responseId !== "" && a.responseId === b.responseId && overlaps(a, b);
}

/**
 * Whether two spans that are not above one another are two layers' tellings of one answer. One
 * library does not tell a call twice side by side: there, an equal id is a fake server's constant.
 */
export function isOtherLayer(a: Layer, b: Layer): boolean {
  return a.scopeName !== b.scopeName && overlaps(a, b);
}

type Layer = Interval & Pick<SpanFacts, "scopeName">;

/** Nearest candidates above and below every candidate. A cycle of parents counts as no parent. */
interface Family {
  readonly parent: Map<SpanFacts, SpanFacts>;
  readonly children: Map<SpanFacts, SpanFacts[]>;
}

function familyOf(candidates: readonly SpanFacts[], spans: ReadonlyMap<string, SpanFacts>): Family {
  const nearest = new Map<SpanFacts, SpanFacts | undefined>();
  const wanted = new Set(candidates);
  const find = (start: SpanFacts): SpanFacts | undefined => {
    const path: SpanFacts[] = [];
    const seen = new Set<SpanFacts>([start]);
    let found: SpanFacts | undefined;
    let current = spans.get(start.parentSpanId);
    while (current && !seen.has(current)) {
      if (wanted.has(current)) {
        found = current;
        break;
      }
      if (nearest.has(current)) {
        found = nearest.get(current);
        break;
      }
      seen.add(current);
      path.push(current);
      current = spans.get(current.parentSpanId);
    }
    for (const step of path) nearest.set(step, found);
    return found === start ? undefined : found;
  };
  const parent = new Map<SpanFacts, SpanFacts>();
  const children = new Map<SpanFacts, SpanFacts[]>();
  for (const span of candidates) {
    const above = find(span);
    if (!above) continue;
    parent.set(span, above);
    const siblings = children.get(above);
    if (siblings) siblings.push(span);
    else children.set(above, [span]);
  }
  return { parent, children };
}

/** How a span with usage stands to the candidates right below it that carry usage too. */
function standing(span: SpanFacts, below: readonly SpanFacts[]): Billing {
  const told = below.filter(hasUsage);
  if (told.length === 0) return "billed";
  if (told.some((child) => sameAnswer(span, child))) return "shadow";
  if (!CALL_KINDS.has(span.kind)) return "aggregate";
  if (told.some((child) => sameTokens(span, child) && sameModel(span, child)))
    return told.length === 1 ? "shadow" : "aggregate";
  let input = 0;
  let output = 0;
  for (const child of told) {
    input += child.inputTokens ?? 0;
    output += child.outputTokens ?? 0;
  }
  const own = { input: span.inputTokens ?? 0, output: span.outputTokens ?? 0 };
  if (own.input === input && own.output === output) return "aggregate";
  // Without an answer of its own, a span that says at least as much as its children sums them up.
  return span.responseId === "" && own.input >= input && own.output >= output ? "aggregate" : "billed";
}

/** A call that told no tokens: one call in reality, unless a layer above or below tells of it. */
function standingWithoutUsage(span: SpanFacts, family: Family): Billing {
  if (family.children.has(span)) return "aggregate";
  const above = family.parent.get(span);
  if (above && CALL_KINDS.has(above.kind)) return "shadow";
  if (above && hasUsage(above) && !family.children.get(above)?.some(hasUsage)) return "shadow";
  return span.status === "error" && !span.answered ? "none" : "billed";
}

/** Of several spans of one answer that are not above one another, the one that told most is billed. */
function settleTwins(candidates: readonly SpanFacts[], billing: Map<SpanFacts, Billing>): void {
  const byAnswer = new Map<string, SpanFacts[]>();
  for (const span of candidates) {
    if (span.responseId === "" || billing.get(span) !== "billed") continue;
    const twins = byAnswer.get(span.responseId);
    if (twins) twins.push(span);
    else byAnswer.set(span.responseId, [span]);
  }
  for (const twins of byAnswer.values()) {
    if (twins.length < 2) continue;
    twins.sort((a, b) => Number(hasUsage(b)) - Number(hasUsage(a)) || (a.spanId < b.spanId ? -1 : 1));
    for (let index = 1; index < twins.length; index++)
      if (twins.slice(0, index).some((other) => billing.get(other) === "billed" && isOtherLayer(twins[index]!, other)))
        billing.set(twins[index]!, "shadow");
  }
}

/**
 * Decides which spans of a trace count (conventions, rules 2 and 3): the deepest span of a call
 * is billed; a parent that repeats its children's usage is their aggregate; another layer's span
 * of the same call is its shadow. `none`: nothing to count. The answer does not depend on the
 * order of arrival.
 */
export function billTrace(spans: ReadonlyMap<string, SpanFacts>): Map<SpanFacts, Billing> {
  const candidates: SpanFacts[] = [];
  for (const span of spans.values()) if (isCandidate(span)) candidates.push(span);
  const billing = new Map<SpanFacts, Billing>();
  if (candidates.length === 1) {
    const only = candidates[0]!;
    billing.set(only, hasUsage(only) || only.status !== "error" || only.answered ? "billed" : "none");
    return billing;
  }
  if (candidates.length === 0) return billing;
  const family = familyOf(candidates, spans);
  for (const span of candidates)
    billing.set(
      span,
      hasUsage(span) ? standing(span, family.children.get(span) ?? []) : standingWithoutUsage(span, family),
    );
  settleTwins(candidates, billing);
  return billing;
}
