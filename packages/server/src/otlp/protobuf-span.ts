import type { SpanId, TraceId } from "@telltale/model";
import { MAX_EVENTS } from "./limits.ts";
import type { LazyResource, LazyScope } from "./protobuf-request.ts";
import { AttributeList, NO_ATTRIBUTES } from "./protobuf-value.ts";
import type { EventRecord, LinkRecord, SpanRecord } from "./record.ts";
import { whyBroken } from "./skip-record.ts";
import type { WireReader } from "./wire-reader.ts";

const NO_EVENTS: readonly EventRecord[] = [];
const NO_LINKS: readonly LinkRecord[] = [];
const TRACE_ID_BYTES = 16;
const SPAN_ID_BYTES = 8;
/** Newer values than these are read as unspecified and unset. */
const HIGHEST_SPAN_KIND = 5;
const HIGHEST_STATUS_CODE = 2;
/** Counts are uint32 in OTLP; a varint can claim more. */
const MAX_UINT32 = 0xffff_ffff;

/** Why the id at `start` is none; `undefined` when it is one. A missing id starts at -1. */
function idProblem(reader: WireReader, start: number, length: number, trace: boolean): string | undefined {
  const name = trace ? "trace id" : "span id";
  const expected = trace ? TRACE_ID_BYTES : SPAN_ID_BYTES;
  if (start < 0 || length === 0) return `${name} is missing`;
  if (length !== expected) return `${name} has ${length} bytes instead of ${expected}`;
  for (let index = start; index < start + length; index++) if (reader.bytes[index] !== 0) return undefined;
  return `${name} is all zero`;
}

/** Checks the fields of a span without reading them: why it is refused, or `undefined`. */
export function scanSpan(reader: WireReader, end: number): string | undefined {
  let traceStart = -1;
  let traceLength = 0;
  let spanStart = -1;
  let spanLength = 0;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) {
      const idEnd = reader.partEnd(end);
      traceStart = reader.position;
      traceLength = idEnd - traceStart;
      reader.position = idEnd;
    } else if (tag === 18) {
      const idEnd = reader.partEnd(end);
      spanStart = reader.position;
      spanLength = idEnd - spanStart;
      reader.position = idEnd;
    } else reader.skip(tag, end);
  }
  const broken = whyBroken(reader, end, "span");
  if (broken !== undefined) return broken;
  return idProblem(reader, traceStart, traceLength, true) ?? idProblem(reader, spanStart, spanLength, false);
}

/** Fields of a span in the order of the wire, before it is known to be one. */
class SpanDraft {
  traceId = "";
  spanId = "";
  parentSpanId: string | undefined;
  name = "";
  spanKind = 0;
  startTime = 0n;
  endTime = 0n;
  statusCode = 0;
  statusMessage = "";
  droppedAttributes = 0;
  droppedEvents = 0;
  droppedLinks = 0;
  events: EventRecord[] | undefined;
  links: LinkRecord[] | undefined;
  readonly attributes = new AttributeList();
}

/** Reads `Span` (opentelemetry/proto/trace/v1/trace.proto) up to `end`: the record, or why it is refused. */
export function readSpan(
  reader: WireReader,
  end: number,
  resource: LazyResource,
  scope: LazyScope,
): SpanRecord | string {
  const start = reader.position;
  const problem = scanSpan(reader, end);
  if (problem !== undefined) return problem;
  reader.position = start;
  const draft = new SpanDraft();
  while (reader.position < end) readSpanField(reader, end, draft);
  const { attributes, events, links } = draft;
  return {
    traceId: draft.traceId as TraceId,
    spanId: draft.spanId as SpanId,
    parentSpanId: draft.parentSpanId as SpanId | undefined,
    name: draft.name,
    spanKind: draft.spanKind <= HIGHEST_SPAN_KIND ? draft.spanKind : 0,
    startTime: draft.startTime,
    endTime: draft.endTime,
    statusCode: draft.statusCode <= HIGHEST_STATUS_CODE ? draft.statusCode : 0,
    statusMessage: draft.statusMessage,
    attributes: attributes.map,
    droppedAttributes: Math.min(draft.droppedAttributes + attributes.dropped, MAX_UINT32),
    droppedEvents: Math.min(draft.droppedEvents, MAX_UINT32),
    droppedLinks: Math.min(draft.droppedLinks, MAX_UINT32),
    events: events ?? NO_EVENTS,
    links: links ?? NO_LINKS,
    resource: resource.record(reader),
    scope: scope.record(reader),
  };
}

function readSpanField(reader: WireReader, end: number, draft: SpanDraft): void {
  const tag = reader.tag();
  switch (tag) {
    case 74:
      return draft.attributes.read(reader, end);
    case 10:
      draft.traceId = readId(reader, end);
      break;
    case 18:
      draft.spanId = readId(reader, end);
      break;
    case 34:
      draft.parentSpanId = readOptionalId(reader, end, SPAN_ID_BYTES);
      break;
    case 42:
      draft.name = reader.text(reader.partEnd(end));
      break;
    case 48:
      draft.spanKind = reader.varint();
      break;
    case 57:
      draft.startTime = reader.fixed64();
      break;
    case 65:
      draft.endTime = reader.fixed64();
      break;
    case 80:
      draft.droppedAttributes += reader.varint();
      break;
    case 90:
      return readEvent(reader, reader.partEnd(end), draft);
    case 96:
      draft.droppedEvents += reader.varint();
      break;
    case 106:
      return readLink(reader, reader.partEnd(end), draft);
    case 112:
      draft.droppedLinks += reader.varint();
      break;
    case 122:
      return readStatus(reader, reader.partEnd(end), draft);
    default:
      reader.skip(tag, end);
  }
}

function readId(reader: WireReader, limit: number): string {
  const end = reader.partEnd(limit);
  const id = reader.hex(reader.position, end);
  reader.position = end;
  return id;
}

/** An id that may be absent: hex, or `undefined` for an empty, all-zero or wrongly sized one. */
export function readOptionalId(reader: WireReader, limit: number, size: number): string | undefined {
  const end = reader.partEnd(limit);
  const start = reader.position;
  reader.position = end;
  if (end - start !== size || reader.failure !== undefined) return undefined;
  for (let index = start; index < end; index++) if (reader.bytes[index] !== 0) return reader.hex(start, end);
  return undefined;
}

/** `Status`: message = 2, code = 3. */
function readStatus(reader: WireReader, end: number, draft: SpanDraft): void {
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 18) draft.statusMessage = reader.text(reader.partEnd(end));
    else if (tag === 24) draft.statusCode = reader.varint();
    else reader.skip(tag, end);
  }
  reader.recover(end);
}

/** `Event`: time = 1, name = 2, attributes = 3. One that is broken or too many is counted as dropped. */
function readEvent(reader: WireReader, end: number, draft: SpanDraft): void {
  const events = (draft.events ??= []);
  let attributes: AttributeList | undefined;
  let name = "";
  let time = 0n;
  const full = events.length >= MAX_EVENTS;
  if (full) reader.position = end;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 9) time = reader.fixed64();
    else if (tag === 18) name = reader.text(reader.partEnd(end));
    else if (tag === 26) (attributes ??= new AttributeList()).read(reader, end);
    else reader.skip(tag, end);
  }
  if (full || reader.failure !== undefined || reader.position !== end) draft.droppedEvents++;
  else events.push({ name, time, attributes: attributes?.map ?? NO_ATTRIBUTES });
  draft.droppedAttributes += attributes?.dropped ?? 0;
  reader.recover(end);
}

/** `Link`: trace id = 1, span id = 2, attributes = 4. One without valid ids or too many is counted as dropped. */
function readLink(reader: WireReader, end: number, draft: SpanDraft): void {
  const links = (draft.links ??= []);
  let attributes: AttributeList | undefined;
  let traceId: string | undefined;
  let spanId: string | undefined;
  const full = links.length >= MAX_EVENTS;
  if (full) reader.position = end;
  while (reader.position < end) {
    const tag = reader.tag();
    if (tag === 10) traceId = readOptionalId(reader, end, TRACE_ID_BYTES);
    else if (tag === 18) spanId = readOptionalId(reader, end, SPAN_ID_BYTES);
    else if (tag === 34) (attributes ??= new AttributeList()).read(reader, end);
    else reader.skip(tag, end);
  }
  const sound = reader.failure === undefined && reader.position === end;
  if (!sound || traceId === undefined || spanId === undefined) draft.droppedLinks++;
  else
    links.push({
      traceId: traceId as TraceId,
      spanId: spanId as SpanId,
      attributes: attributes?.map ?? NO_ATTRIBUTES,
    });
  draft.droppedAttributes += attributes?.dropped ?? 0;
  reader.recover(end);
}
