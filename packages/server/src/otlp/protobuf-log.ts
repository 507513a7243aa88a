import type { AttributeValue, SpanId, TraceId } from "@telltale/model";
import { eventNameOf, severityName } from "./log-fields.ts";
import type { LazyResource, LazyScope } from "./protobuf-request.ts";
import { readOptionalId } from "./protobuf-span.ts";
import { AttributeList, readAnyValue } from "./protobuf-value.ts";
import type { LogRecord } from "./record.ts";
import { skipRecord } from "./skip-record.ts";
import type { WireReader } from "./wire-reader.ts";

class LogDraft {
  traceId: string | undefined;
  spanId: string | undefined;
  time = 0n;
  observedTime = 0n;
  eventName = "";
  severityNumber = 0;
  severityText = "";
  body: AttributeValue = null;
  readonly attributes = new AttributeList();
}

/** Reads `LogRecord` (opentelemetry/proto/logs/v1/logs.proto) up to `end`: the record, or why it is refused. */
export function readLog(reader: WireReader, end: number, resource: LazyResource, scope: LazyScope): LogRecord | string {
  const start = reader.position;
  const problem = skipRecord(reader, end, "log record");
  if (problem !== undefined) return problem;
  reader.position = start;
  const draft = new LogDraft();
  while (reader.position < end) readLogField(reader, end, draft);
  const attributes = draft.attributes.map;
  return {
    traceId: draft.traceId as TraceId | undefined,
    spanId: draft.spanId as SpanId | undefined,
    time: draft.time === 0n ? draft.observedTime : draft.time,
    eventName: eventNameOf(draft.eventName, attributes.get("event.name")),
    severity: severityName(draft.severityText, draft.severityNumber),
    body: draft.body,
    attributes,
    resource: resource.record(reader),
    scope: scope.record(reader),
  };
}

function readLogField(reader: WireReader, end: number, draft: LogDraft): void {
  const tag = reader.tag();
  switch (tag) {
    case 9:
      draft.time = reader.fixed64();
      break;
    case 16:
      draft.severityNumber = reader.varint();
      break;
    case 26:
      draft.severityText = reader.text(reader.partEnd(end));
      break;
    case 42:
      draft.body = readAnyValue(reader, reader.partEnd(end), 0);
      break;
    case 50:
      return draft.attributes.read(reader, end);
    case 74:
      draft.traceId = readOptionalId(reader, end, 16);
      break;
    case 82:
      draft.spanId = readOptionalId(reader, end, 8);
      break;
    case 89:
      draft.observedTime = reader.fixed64();
      break;
    case 98:
      draft.eventName = reader.text(reader.partEnd(end));
      break;
    default:
      reader.skip(tag, end);
  }
}
