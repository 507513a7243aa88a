import type { Attributes, Duration } from "@telltale/model";
import type { SpanRecord } from "../otlp/record.ts";
import { numberOf } from "./attribute-readers.ts";

const SECOND = 1_000_000_000;
const MILLISECOND = 1_000_000;

/** Keys of the time to the first token with their unit (conventions, rule 7). */
const KEYS: readonly (readonly [string, number])[] = [
  ["gen_ai.response.time_to_first_chunk", SECOND],
  ["gen_ai.client.operation.time_to_first_chunk", SECOND],
  ["ai.response.msToFirstChunk", MILLISECOND],
  ["ai.stream.msToFirstChunk", MILLISECOND],
  ["ttft_ms", MILLISECOND],
];
/** Its unit is not in the name, and both are met: told by comparing with the span's length. */
const UNITLESS_KEY = "gen_ai.server.time_to_first_token";
/** Keys that tell the instant of the first token, as ISO 8601. */
const INSTANT_KEYS = [
  "langfuse.observation.completion_start_time",
  "mastra.completion_start_time",
  "langsmith.first_token_time",
];

/** Events that happen at the first token: OpenInference's Python packages, and the conventions' draft. */
const FIRST_TOKEN_EVENTS = new Set(["First Token Stream Event", "gen_ai.first_token"]);

/** From the start of a span to its first token, in nanoseconds; `undefined` when nobody told. */
export function timeToFirstToken(span: SpanRecord): Duration | undefined {
  const { attributes } = span;
  for (const [key, unit] of KEYS) {
    const value = attributes.get(key);
    if (value !== undefined) return nanos(numberOf(value), unit);
  }
  const unitless = numberOf(attributes.get(UNITLESS_KEY));
  if (unitless !== undefined) {
    const length = Number(span.endTime - span.startTime);
    return nanos(unitless, length > 0 && unitless * SECOND > length ? MILLISECOND : SECOND);
  }
  const instant = instantOf(attributes);
  if (instant !== undefined) return instant >= span.startTime ? instant - span.startTime : undefined;
  for (const event of span.events) {
    const value =
      event.attributes.get("ai.response.msToFirstChunk") ?? event.attributes.get("ai.stream.msToFirstChunk");
    if (value !== undefined) return nanos(numberOf(value), MILLISECOND);
    if (FIRST_TOKEN_EVENTS.has(event.name) && event.time >= span.startTime) return event.time - span.startTime;
  }
  return undefined;
}

function nanos(value: number | undefined, unit: number): Duration | undefined {
  if (value === undefined || value < 0 || value * unit > Number.MAX_SAFE_INTEGER) return undefined;
  return BigInt(Math.round(value * unit));
}

/** Langfuse writes the time as JSON, so in quotes. */
function instantOf(attributes: Attributes): bigint | undefined {
  for (const key of INSTANT_KEYS) {
    const value = attributes.get(key);
    if (typeof value !== "string") continue;
    const milliseconds = Date.parse(value.replaceAll('"', ""));
    if (Number.isFinite(milliseconds)) return BigInt(milliseconds) * BigInt(MILLISECOND);
  }
  return undefined;
}
