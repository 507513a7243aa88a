import { attributesJson } from "./attributes-json.ts";
import { costFromJson, costJson } from "./cost-json.ts";
import { flatten } from "./record-of-row.ts";
import type { SpanRow } from "./span-row.ts";

/** Statuses by how much they say: an error told once stays an error. */
const STATUS_WEIGHT: { readonly [status: string]: number } = { unset: 0, ok: 1, error: 2 };

/**
 * Two tellings of one span as one, field by field: what the later one tells wins, what it leaves open stays. Later is the
 * one that came later, or the only one that knows the end: a span that is told in parts (start, then end) comes out the
 * same in either order. Doing it again with the same `next` changes nothing.
 */
export function mergeRows(old: SpanRow, next: SpanRow): SpanRow {
  const isEndFirst = old.end_time !== null && next.end_time === null;
  const merged = isEndFirst ? overlay(next, old) : overlay(old, next);
  merged.project = old.project;
  merged.hour = old.hour;
  merged.trace_id = old.trace_id;
  // Whoever told only the end may have had to guess the start.
  merged.start_time = old.start_time < next.start_time ? old.start_time : next.start_time;
  merged.billing = old.billing;
  return merged;
}

function overlay(old: SpanRow, next: SpanRow): SpanRow {
  const merged: SpanRow = { ...next };
  const open: { [field: string]: unknown } = merged as unknown as { [field: string]: unknown };
  for (const [field, value] of Object.entries(next))
    if (value === "" || value === null) open[field] = old[field as keyof SpanRow];
  if (next.end_time !== null && old.end_time !== null && old.end_time > next.end_time) merged.end_time = old.end_time;
  if (next.cost_nanos === null && old.cost_nanos !== null && next.cost !== "")
    merged.cost = costTextOf(old.cost, next.cost);
  if (STATUS_WEIGHT[old.status]! > STATUS_WEIGHT[next.status]!) merged.status = old.status;
  if (next.kind === "span" && old.kind !== "span") merged.kind = old.kind;
  // Half a conversation may come first: the telling with more content is the later state of it.
  keepLonger(merged, old, next, "input");
  keepLonger(merged, old, next, "output");
  merged.attributes = mergeAttributes(old.attributes, next.attributes);
  if (old.resource && next.resource) merged.resource = mergeAttributes(old.resource, next.resource);
  return merged;
}

/** The cost whose amount stays, with what the later telling claims: why that one has no amount is not said of this one. */
function costTextOf(old: string, next: string): string {
  const kept = costFromJson(old);
  const reported = costFromJson(next)?.reported;
  return kept && reported ? costJson({ ...kept, reported }) : old;
}

function keepLonger(merged: SpanRow, old: SpanRow, next: SpanRow, side: "input" | "output"): void {
  if (next[`${side}_type`] === "" || old[side].length <= next[side].length) return;
  merged[side] = old[side];
  merged[`${side}_type`] = old[`${side}_type`];
  merged[`${side}_preview`] = old[`${side}_preview`];
}

/** The older text's keys with the newer one's over them; the older text itself when nothing differs. */
function mergeAttributes(old: string, next: string): string {
  if (old === next || next === "{}") return old;
  if (old === "{}") return next;
  const merged = flatten(old);
  let changed = false;
  for (const [key, value] of flatten(next)) {
    if (merged.has(key) && JSON.stringify(merged.get(key)) === JSON.stringify(value)) continue;
    merged.set(key, value);
    changed = true;
  }
  return changed ? attributesJson(merged) : old;
}
