import type { TraceSkeleton } from "@telltale/server/api-types";

/** One span of a skeleton with its texts looked up: made for the few rows on screen, never for all. */
export interface SpanFacts {
  readonly span: number;
  readonly spanId: string;
  readonly name: string;
  readonly kind: string;
  readonly serviceName: string;
  readonly status: string;
  readonly model: string;
  readonly agentName: string;
  readonly toolName: string;
  readonly billing: string;
  readonly inputPreview: string;
  readonly outputPreview: string;
  readonly start: number;
  readonly duration: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costNanos: string | null;
  /** Only a part of its usage was told: it cost that much at least. */
  readonly isLowerBound: boolean;
}

/**
 * A name for a narrow place: "execute_tool search" of a tool "search" is "search", since the sign before it says
 * the rest. Other names stay as they are.
 */
export function shortName({ name, toolName, agentName }: SpanFacts): string {
  if (toolName !== "" && name === `execute_tool ${toolName}`) return toolName;
  return agentName !== "" && name === `invoke_agent ${agentName}` ? agentName : name;
}

/** Reads one span. */
export function spanFacts(skeleton: TraceSkeleton, span: number): SpanFacts {
  const text = (column: readonly number[]): string => skeleton.strings[column[span] ?? -1] ?? "";
  return {
    span,
    spanId: skeleton.spanId[span] ?? "",
    name: text(skeleton.name),
    kind: text(skeleton.kind),
    serviceName: text(skeleton.serviceName),
    status: text(skeleton.status),
    model: text(skeleton.model),
    agentName: text(skeleton.agentName),
    toolName: text(skeleton.toolName),
    billing: text(skeleton.billing),
    inputPreview: text(skeleton.inputPreview),
    outputPreview: text(skeleton.outputPreview),
    start: skeleton.start[span] ?? 0,
    duration: skeleton.duration[span] ?? null,
    inputTokens: skeleton.inputTokens[span] ?? null,
    outputTokens: skeleton.outputTokens[span] ?? null,
    costNanos: skeleton.costNanos[span] ?? null,
    isLowerBound: skeleton.isLowerBound[span] === 1,
  };
}
