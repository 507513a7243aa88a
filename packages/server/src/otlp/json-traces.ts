import { parseSpanId, parseTraceId } from "@telltale/model";
import { isObject, jsonRecordsIn, walkJsonRequest } from "./json-request.ts";
import type { JsonObject } from "./json-request.ts";
import { droppedOf, jsonAttributes, jsonCount, jsonInstant, jsonText } from "./json-value.ts";
import { MAX_EVENTS, MAX_RECORDS } from "./limits.ts";
import type { EventRecord, LinkRecord, ResourceRecord, ScopeRecord, SpanRecord } from "./record.ts";
import { Rejections, TOO_MANY_RECORDS } from "./rejections.ts";
import type { Rejected, Scan } from "./rejections.ts";

const SPAN_KINDS = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const STATUS_CODES = ["UNSET", "OK", "ERROR"];

/** `spansIn` for OTLP/JSON. */
export function* jsonSpansIn(body: Uint8Array): Generator<SpanRecord, Rejected, void> {
  const rejected = new Rejections();
  let taken = 0;
  for (const { record, resource, scope } of jsonRecordsIn(body, "traces")) {
    const problem = taken < MAX_RECORDS ? spanProblem(record) : TOO_MANY_RECORDS;
    if (problem !== undefined || !isObject(record)) rejected.add(problem ?? "span is not an object");
    else {
      taken++;
      yield readSpan(record, resource(), scope());
    }
  }
  return rejected;
}

/** `scanTraces` for OTLP/JSON. */
export function scanJsonTraces(body: Uint8Array): Scan {
  const rejected = new Rejections();
  let accepted = 0;
  walkJsonRequest(body, "traces", (record) => {
    const problem = accepted < MAX_RECORDS ? spanProblem(record) : TOO_MANY_RECORDS;
    if (problem === undefined) accepted++;
    else rejected.add(problem);
  });
  return { accepted, rejected };
}

/** Why a span is refused, or `undefined`. */
function spanProblem(record: unknown): string | undefined {
  if (!isObject(record)) return "span is not an object";
  return idProblem("traceId", record.traceId, 32, parseTraceId) ?? idProblem("spanId", record.spanId, 16, parseSpanId);
}

function idProblem(name: string, id: unknown, digits: number, parse: (id: string) => unknown): string | undefined {
  if (id === undefined || id === null || id === "") return `${name} is missing`;
  if (typeof id === "string" && parse(id) !== undefined) return undefined;
  if (typeof id === "string" && /^0+$/.test(id)) return `${name} is all zero`;
  return `${name} is not ${digits} hex digits`;
}

function readSpan(record: JsonObject, resource: ResourceRecord, scope: ScopeRecord): SpanRecord {
  const status = isObject(record.status) ? record.status : undefined;
  const events = readEvents(record.events);
  const links = readLinks(record.links);
  return {
    // Both ids were checked by spanProblem.
    traceId: parseTraceId(jsonText(record.traceId))!,
    spanId: parseSpanId(jsonText(record.spanId))!,
    parentSpanId: parseSpanId(jsonText(record.parentSpanId)),
    name: jsonText(record.name),
    spanKind: jsonEnum(record.kind, "SPAN_KIND_", SPAN_KINDS),
    startTime: jsonInstant(record.startTimeUnixNano),
    endTime: jsonInstant(record.endTimeUnixNano),
    statusCode: jsonEnum(status?.code, "STATUS_CODE_", STATUS_CODES),
    statusMessage: jsonText(status?.message),
    attributes: jsonAttributes(record.attributes),
    droppedAttributes: jsonCount(record.droppedAttributesCount) + droppedOf(record.attributes),
    droppedEvents: jsonCount(record.droppedEventsCount) + events.dropped,
    droppedLinks: jsonCount(record.droppedLinksCount) + links.dropped,
    events: events.list,
    links: links.list,
    resource,
    scope,
  };
}

/** An enum: the mapping allows whole numbers only; the names are understood all the same. 0 for newer values. */
function jsonEnum(value: unknown, prefix: string, names: readonly string[]): number {
  const named = typeof value === "string" && value.startsWith(prefix);
  const number = named ? names.indexOf(value.slice(prefix.length)) : jsonCount(value);
  return number > 0 && number < names.length ? number : 0;
}

function readEvents(value: unknown): { list: readonly EventRecord[]; dropped: number } {
  const sent: readonly unknown[] = Array.isArray(value) ? value : [];
  const list: EventRecord[] = [];
  for (const event of sent.slice(0, MAX_EVENTS)) {
    if (!isObject(event)) continue;
    const time = jsonInstant(event.timeUnixNano);
    list.push({ name: jsonText(event.name), time, attributes: jsonAttributes(event.attributes) });
  }
  return { list, dropped: sent.length - list.length };
}

function readLinks(value: unknown): { list: readonly LinkRecord[]; dropped: number } {
  const sent: readonly unknown[] = Array.isArray(value) ? value : [];
  const list: LinkRecord[] = [];
  for (const link of sent.slice(0, MAX_EVENTS)) {
    if (!isObject(link)) continue;
    const traceId = parseTraceId(jsonText(link.traceId));
    const spanId = parseSpanId(jsonText(link.spanId));
    if (traceId && spanId) list.push({ traceId, spanId, attributes: jsonAttributes(link.attributes) });
  }
  return { list, dropped: sent.length - list.length };
}
