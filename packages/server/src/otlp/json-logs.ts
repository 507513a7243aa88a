import { parseSpanId, parseTraceId } from "@telltale/model";
import { isObject, walkJsonRequest } from "./json-request.ts";
import type { JsonObject } from "./json-request.ts";
import { jsonAnyValue, jsonAttributes, jsonCount, jsonInstant, jsonText } from "./json-value.ts";
import { MAX_RECORDS } from "./limits.ts";
import { eventNameOf, severityName } from "./log-fields.ts";
import type { LogRecord, ResourceRecord, ScopeRecord } from "./record.ts";
import { Rejections, TOO_MANY_RECORDS } from "./rejections.ts";
import type { Rejected, Scan } from "./rejections.ts";

/** `readLogs` for OTLP/JSON. */
export function readJsonLogs(body: Uint8Array): { logs: LogRecord[]; rejected: Rejected } {
  const logs: LogRecord[] = [];
  const rejected = new Rejections();
  walkJsonRequest(body, "logs", (record, resource, scope) => {
    if (logs.length >= MAX_RECORDS) rejected.add(TOO_MANY_RECORDS);
    else if (!isObject(record)) rejected.add("log record is not an object");
    else logs.push(readLog(record, resource(), scope()));
  });
  return { logs, rejected };
}

/** `scanLogs` for OTLP/JSON. */
export function scanJsonLogs(body: Uint8Array): Scan {
  const rejected = new Rejections();
  let accepted = 0;
  walkJsonRequest(body, "logs", (record) => {
    if (accepted >= MAX_RECORDS) rejected.add(TOO_MANY_RECORDS);
    else if (!isObject(record)) rejected.add("log record is not an object");
    else accepted++;
  });
  return { accepted, rejected };
}

function readLog(record: JsonObject, resource: ResourceRecord, scope: ScopeRecord): LogRecord {
  const time = jsonInstant(record.timeUnixNano);
  const attributes = jsonAttributes(record.attributes);
  return {
    traceId: parseTraceId(jsonText(record.traceId)),
    spanId: parseSpanId(jsonText(record.spanId)),
    time: time === 0n ? jsonInstant(record.observedTimeUnixNano) : time,
    eventName: eventNameOf(jsonText(record.eventName), attributes.get("event.name")),
    severity: severityName(jsonText(record.severityText), jsonCount(record.severityNumber)),
    body: jsonAnyValue(record.body),
    attributes,
    resource,
    scope,
  };
}
