import type { TraceSkeleton } from "@telltale/server/api-types";

/** Calls, tokens and money of one model in a trace; billed spans only. */
export interface ModelTotal {
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costNanos: bigint | null;
  readonly unpricedCalls: number;
}

/** What the billed spans add up to, by model, the dearest first. Amounts that are not wholly known are counted beside the sums. */
export function totalsByModel(skeleton: TraceSkeleton): ModelTotal[] {
  const billed = skeleton.strings.indexOf("billed");
  const totals = new Map<string, ModelTotal>();
  for (let span = 0; span < skeleton.spanId.length; span++) {
    if (billed === -1 || skeleton.billing[span] !== billed) continue;
    const model = skeleton.strings[skeleton.model[span] ?? -1] || "unknown model";
    totals.set(model, addCall(totals.get(model), model, skeleton, span));
  }
  return [...totals.values()].sort((left, right) => Number((right.costNanos ?? -1n) - (left.costNanos ?? -1n)));
}

function addCall(total: ModelTotal | undefined, model: string, skeleton: TraceSkeleton, span: number): ModelTotal {
  const cost = skeleton.costNanos[span] ?? null;
  const sum = total?.costNanos ?? null;
  return {
    model,
    calls: (total?.calls ?? 0) + 1,
    inputTokens: addKnown(total?.inputTokens ?? null, skeleton.inputTokens[span] ?? null),
    outputTokens: addKnown(total?.outputTokens ?? null, skeleton.outputTokens[span] ?? null),
    costNanos: cost === null ? sum : (sum ?? 0n) + BigInt(cost),
    unpricedCalls: (total?.unpricedCalls ?? 0) + (cost === null || skeleton.isLowerBound[span] === 1 ? 1 : 0),
  };
}

function addKnown(left: number | null, right: number | null): number | null {
  if (left === null) return right;
  return right === null ? left : left + right;
}
