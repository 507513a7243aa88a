import type { ReadSpan } from "../packages/sdk/src/testing/read-spans.ts";

/** The spans of the program `answer`, without what differs from run to run. */
export function toldOf(spans: readonly ReadSpan[]): unknown {
  const root = spans.find(({ name }) => name === "answer");
  return spans
    .toSorted((first, second) => (first.start < second.start ? -1 : 1))
    .map(({ name, kind, statusCode, traceId, parentSpanId, attributes, resource }) => {
      const { "gen_ai.response.time_to_first_chunk": _time, ...told } = attributes;
      const placed = [traceId === root?.traceId, parentSpanId === root?.spanId];
      return { name, kind, statusCode, placed, told, service: resource["service.name"] };
    });
}
