import type { AttributeMap, AttributeValue } from "../attribute-value.ts";
import type { SpanRecord } from "../span/span-record.ts";
import { shortenText } from "./shorten-text.ts";

/** Room for everything of a span that is no content: ids, times, names, small attributes. */
const BESIDE_CONTENT = 16 * 1024;
/** Attributes shorter than this are never the reason that a span is too large. */
const SMALL = 1024;
const STRIPPED_ATTRIBUTES = 64;

/** What a span may hold. The counts and lengths are OpenTelemetry's; undefined is no limit. */
export interface SpanLimits {
  readonly attributeCount: number | undefined;
  /** Characters of a text. */
  readonly attributeValueLength: number | undefined;
  readonly eventCount: number | undefined;
  readonly eventAttributeCount: number | undefined;
  /** Bytes of one span as it is sent; above it its longest texts are shortened. */
  readonly spanBytes: number;
}

/** What the limits left out. */
export interface LeftOut {
  readonly attributes: number;
  readonly events: number;
}

/** Applies OpenTelemetry's limits, in place. What is left out is counted as OTLP wants it told. */
export function applyLimits(span: SpanRecord, limits: SpanLimits): LeftOut {
  const attributes = limitAttributes(span.attributes, limits.attributeCount, limits.attributeValueLength);
  const events = span.events ?? [];
  const most = limits.eventCount ?? events.length;
  for (const event of events) {
    limitAttributes(event.attributes, limits.eventAttributeCount, limits.attributeValueLength);
  }
  // The last ones tell how it ended.
  const left = Math.max(0, events.length - most);
  if (left > 0) span.events = events.slice(left);
  return { attributes, events: left };
}

/** Whether {@link applyLimits} has anything to do. */
export function hasLimits(limits: SpanLimits): boolean {
  const { attributeCount, attributeValueLength, eventCount, eventAttributeCount } = limits;
  return [attributeCount, attributeValueLength, eventCount, eventAttributeCount].some((limit) => limit !== undefined);
}

function limitAttributes(map: AttributeMap, count: number | undefined, length: number | undefined): number {
  if (length !== undefined) {
    for (const [name, value] of map) {
      const shortened = shortenCharacters(value, length);
      if (shortened !== value) map.set(name, shortened);
    }
  }
  if (count === undefined || map.size <= count) return 0;
  const over = map.size - count;
  // What says which kind of call this is was set first.
  for (const name of [...map.keys()].slice(count)) map.delete(name);
  return over;
}

function shortenCharacters(value: AttributeValue, most: number): AttributeValue {
  if (typeof value === "string") return value.length > most ? value.slice(0, most).toWellFormed() : value;
  if (Buffer.isBuffer(value)) return value.length > most ? shortenCharacters(value.toString("utf8"), most) : value;
  if (typeof value !== "object" || "double" in value) return value;
  return value.some((item) => item.length > most) ? value.map((item) => item.slice(0, most).toWellFormed()) : value;
}

/**
 * Shortens the longest texts of a span that came out as `size` bytes until it fits, in place, and
 * marks it: `telltale.shortened` names what lost something.
 */
export function shortenSpan(span: SpanRecord, size: number, most: number): void {
  const maps = [span.attributes, ...(span.events ?? []).map(({ attributes }) => attributes)];
  const texts = maps
    .flatMap((map) => [...map].map(([name, value]) => ({ map, name, text: bytesOf(value) })))
    .filter(({ text }) => text.length > SMALL)
    .sort((first, second) => first.text.length - second.text.length);
  const rest = size - texts.reduce((sum, { text }) => sum + text.length, 0);
  let room = Math.max(0, most - Math.max(rest, BESIDE_CONTENT) - BESIDE_CONTENT);
  const shortened: string[] = [];
  // From the shortest on: what a short one leaves is room for the long ones.
  texts.forEach(({ map, name, text }, index) => {
    const share = Math.max(SMALL, Math.floor(room / (texts.length - index)));
    const kept = shortenText(text, share);
    room = Math.max(0, room - kept.length);
    if (kept === text) return;
    map.set(name, kept);
    shortened.push(name);
  });
  // Names of a thousand attributes would be too much again.
  span.attributes.set("telltale.shortened", shortened.slice(0, 64));
  span.name = span.name.slice(0, SMALL).toWellFormed();
  span.statusMessage = span.statusMessage.slice(0, SMALL).toWellFormed();
}

/** The last resort, where there were too many small things: the first attributes and no events. */
export function stripSpan(span: SpanRecord): void {
  const kept = [...span.attributes].filter(([name, value]) => name.length + bytesOf(value).length <= SMALL);
  span.attributes = new Map([...kept.slice(0, STRIPPED_ATTRIBUTES), ["telltale.shortened", ["*"]]]);
  span.events = undefined;
}

function bytesOf(value: AttributeValue): Buffer {
  if (typeof value === "string") return Buffer.from(value);
  if (Buffer.isBuffer(value)) return value;
  if (typeof value === "object" && !("double" in value)) return Buffer.from(value.join("\n"));
  return Buffer.alloc(0);
}
