import { Buffer } from "node:buffer";
import { OtlpDecodeError } from "./otlp-decode-error.ts";
import { jsonAttributes, jsonText } from "./json-value.ts";
import { wrongSignal } from "./guess-signal.ts";
import { MAX_JSON_MARKS } from "./limits.ts";
import type { ResourceRecord, ScopeRecord, Signal } from "./record.ts";

/** A JSON object whose fields are not known yet. Only ever read by literal names. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Field names of the levels above the records (opentelemetry-proto, JSON mapping: lowerCamelCase only). */
const LEVELS = {
  traces: { resources: "resourceSpans", scopes: "scopeSpans", records: "spans" },
  logs: { resources: "resourceLogs", scopes: "scopeLogs", records: "logRecords" },
  metrics: { resources: "resourceMetrics", scopes: "scopeMetrics", records: "metrics" },
} as const;

/** A whole number of 16 digits or more as a JSON value: JSON.parse might round it. */
const LONG_INTEGER = /[:[,]\s*-?\d{16}/;
/** Not the digits of a fraction or an exponent. */
const LONG_INTEGERS = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** Called for each record, with its resource and scope. */
export type JsonVisitor = (record: unknown, resource: () => ResourceRecord, scope: () => ScopeRecord) => void;

/** A record whose fields are not known yet, with its resource and scope. */
export interface FoundJsonRecord {
  readonly record: unknown;
  readonly resource: () => ResourceRecord;
  readonly scope: () => ScopeRecord;
}

/** Calls `visit` for each of {@link jsonRecordsIn}. */
export function walkJsonRequest(body: Uint8Array, signal: Signal, visit: JsonVisitor): void {
  for (const { record, resource, scope } of jsonRecordsIn(body, signal)) visit(record, resource, scope);
}

/** The records of a request in OTLP/JSON. Throws `OtlpDecodeError`. */
export function* jsonRecordsIn(body: Uint8Array, signal: Signal): Generator<FoundJsonRecord, void, void> {
  const request = parseJson(body, signal);
  const names = LEVELS[signal];
  if (request[names.resources] === undefined) refuseOtherRequests(request, signal);
  for (const group of listOf(request[names.resources], names.resources)) {
    if (!isObject(group)) continue;
    const resource = once(() => ({ attributes: jsonAttributes(fieldOf(group.resource, "attributes")) }));
    for (const part of listOf(group[names.scopes], names.scopes)) {
      if (!isObject(part)) continue;
      const scope = once(() => readScope(part.scope));
      for (const record of listOf(part[names.records], names.records)) yield { record, resource, scope };
    }
  }
}

/** Whether a parsed value is an object with fields. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An array, or nothing where the field is absent; throws `OtlpDecodeError` for anything else. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new OtlpDecodeError(`"${name}" is not an array`);
}

function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function readScope(value: unknown): ScopeRecord {
  return {
    name: jsonText(fieldOf(value, "name")),
    version: jsonText(fieldOf(value, "version")),
    attributes: jsonAttributes(fieldOf(value, "attributes")),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}

/** Throws for a body that would take many times its size when parsed. */
function refuseTooManyMarks(body: Uint8Array): void {
  if (body.length <= MAX_JSON_MARKS) return;
  let marks = 0;
  for (const byte of body) if (byte === 0x7b || byte === 0x5b || byte === 0x2c) marks++;
  if (marks > MAX_JSON_MARKS) throw new OtlpDecodeError(`more than ${MAX_JSON_MARKS} values: send smaller batches`);
}

function parseJson(body: Uint8Array, signal: Signal): JsonObject {
  refuseTooManyMarks(body);
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    .toString("utf8")
    .replace(/^\uFEFF/, "");
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(LONG_INTEGER.test(text) ? quoteLongIntegers(text) : text);
  } catch (cause) {
    const hint =
      text.startsWith("\n") || text.includes("\u0000") ? "; is it protobuf? Then send application/x-protobuf" : "";
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new OtlpDecodeError(`not an OTLP ${signal} request in JSON: ${detail}${hint}`, { cause });
  }
  if (isObject(value)) return value;
  throw new OtlpDecodeError(`an OTLP ${signal} request in JSON is an object with "${LEVELS[signal].resources}"`);
}

function refuseOtherRequests(request: JsonObject, signal: Signal): void {
  for (const other of ["traces", "logs", "metrics"] as const) {
    if (other !== signal && Array.isArray(request[LEVELS[other].resources])) throw wrongSignal(signal, other);
  }
  const name = LEVELS[signal].resources;
  const snake = name.replace(/[A-Z]/, (letter) => "_" + letter.toLowerCase());
  if (request[snake] !== undefined) throw new OtlpDecodeError(`OTLP/JSON is lowerCamelCase: "${name}", not "${snake}"`);
  if (Object.keys(request).length > 0) throw new OtlpDecodeError(`an OTLP ${signal} request has the field "${name}"`);
}

/** Puts quotes around long whole numbers outside of strings, so that their digits survive JSON.parse. */
function quoteLongIntegers(text: string): string {
  let out = "";
  let position = 0;
  while (position < text.length) {
    const open = text.indexOf('"', position);
    const end = open < 0 ? text.length : open;
    out += text.slice(position, end).replace(LONG_INTEGERS, '"$&"');
    position = open < 0 ? end : endOfString(text, open);
    out += text.slice(end, position);
  }
  return out;
}

function endOfString(text: string, open: number): number {
  let close = text.indexOf('"', open + 1);
  while (close >= 0) {
    let slashes = 0;
    while (text[close - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return close + 1;
    close = text.indexOf('"', close + 1);
  }
  return text.length;
}
