import type { TraceModel } from "../trace/trace-model.ts";

/** One thing in the reader, in tree order. `level` counts agents above it. */
export type ReaderItem =
  | { readonly type: "agent" | "llm" | "tool"; readonly span: number; readonly level: number }
  | { readonly type: "repeat"; readonly group: number; readonly span: number; readonly level: number };

const TYPES: ReadonlyMap<string, "agent" | "llm" | "tool"> = new Map([
  ["agent", "agent"],
  ["workflow", "agent"],
  ["llm", "llm"],
  ["tool", "tool"],
  ["mcp", "tool"],
  ["retrieval", "tool"],
  ["rerank", "tool"],
  ["guardrail", "tool"],
  ["handoff", "tool"],
]);

/** Agents, model calls and tools; a run of repeats is one item until it is opened; a call told twice is shown once. */
export function readerItems({
  index,
  groups,
  open,
  skeleton,
}: Pick<TraceModel, "index" | "groups" | "open" | "skeleton">): ReaderItem[] {
  const types = skeleton.strings.map((kind) => TYPES.get(kind));
  const uncounted = new Set([skeleton.strings.indexOf("shadow"), skeleton.strings.indexOf("aggregate")]);
  const items: ReaderItem[] = [];
  const agents: number[] = [];
  for (let place = 0; place < index.count; place++) {
    while (agents.length > 0 && place >= (agents.at(-1) ?? 0)) agents.pop();
    const span = index.order[place] ?? 0;
    const group = groups.startsAt[place] ?? -1;
    if (group !== -1) {
      items.push({ type: "repeat", group, span, level: agents.length });
      if (open.groupOpen[group] !== 1) {
        place = (groups.end[group] ?? place + 1) - 1;
        continue;
      }
    }
    const type = types[skeleton.kind[span] ?? -1];
    if (type === undefined || (type === "llm" && uncounted.has(skeleton.billing[span] ?? -1))) continue;
    items.push({ type, span, level: agents.length });
    if (type === "agent") agents.push(index.end[span] ?? 0);
  }
  return items;
}
