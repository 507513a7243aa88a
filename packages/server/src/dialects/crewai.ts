import type { SpanKind } from "@telltale/model";
import type { Dialect, SpanFields } from "../dialect.ts";
import { textAt } from "../dialect/attribute-readers.ts";
import { plainContent } from "../dialect/content.ts";
import type { SpanRecord } from "../otlp/record.ts";

/** What a span is of, and where its two sides stand. `crewai.crew.token_usage` goes on from run to run: it is of no one. */
const SORTS: readonly (readonly [sign: string, kind: SpanKind, input: string, output: string])[] = [
  ["crewai.crew.id", "workflow", "crewai.crew.inputs", "crewai.crew.result"],
  ["crewai.task.id", "workflow", "crewai.task.description", "traceloop.entity.output"],
  ["crewai.agent.id", "agent", "crewai.agent.goal", "traceloop.entity.output"],
];

function sortOf({ attributes }: SpanRecord): (typeof SORTS)[number] | undefined {
  return SORTS.find(([sign]) => attributes.has(sign));
}

function read(span: SpanRecord): SpanFields {
  const sort = sortOf(span);
  if (!sort) return {};
  const { attributes } = span;
  const [, kind, asked, said] = sort;
  const input = plainContent(attributes.get(asked));
  const output = plainContent(attributes.get(said));
  const isKept = (content: typeof input): boolean => content === undefined || content.type === "masked";
  return {
    kind,
    agentName: textAt(attributes, "crewai.agent.role") ?? textAt(attributes, "crewai.task.agent"),
    input,
    output,
    consumed: [...(isKept(input) ? [] : [asked]), ...(isKept(output) ? [] : [said])],
  };
}

function claims(span: SpanRecord): 0 | 3 {
  return sortOf(span) ? 3 : 0;
}

/** CrewAI as OpenLLMetry's Python instrumentation tells it: a crew, its tasks and its agents, none of which it calls so. */
export const crewai: Dialect = { name: "crewai", version: 1, claims, read };
