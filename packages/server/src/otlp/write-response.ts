import { Buffer } from "node:buffer";
import type { Signal } from "./record.ts";
import type { Rejected } from "./rejections.ts";

/** How a request and its answer are written. */
export type Encoding = "protobuf" | "json";

/** Codes of `google.rpc.Status` (google/rpc/code.proto) that a receiver answers with. */
export const RPC_CODES = {
  invalidArgument: 3,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

/** Characters of a message; an answer stays far below the 4 MiB that clients must accept. */
const MAX_MESSAGE = 2_000;

const REJECTED_FIELDS: Readonly<Record<Signal, string>> = {
  traces: "rejectedSpans",
  logs: "rejectedLogRecords",
  metrics: "rejectedDataPoints",
};

/** `Export<Signal>ServiceResponse`: empty when nothing was refused, else with `partial_success`. */
export function writeExportResponse(signal: Signal, encoding: Encoding, rejected: Rejected): Buffer {
  if (rejected.count === 0) return Buffer.from(encoding === "json" ? "{}" : "");
  const message = rejected.reasons.join("; ").slice(0, MAX_MESSAGE);
  if (encoding === "json") {
    // int64 is text in the JSON mapping of protobuf.
    const partialSuccess = { [REJECTED_FIELDS[signal]]: String(rejected.count), errorMessage: message };
    return Buffer.from(JSON.stringify({ partialSuccess }));
  }
  return writeField(
    1,
    Buffer.concat([Buffer.from([0x08]), writeVarint(rejected.count), writeField(2, Buffer.from(message))]),
  );
}

/** `google.rpc.Status`: code = 1, message = 2. */
export function writeStatus(code: number, text: string, encoding: Encoding): Buffer {
  const message = text.slice(0, MAX_MESSAGE).toWellFormed();
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([Buffer.from([0x08]), writeVarint(code), writeField(2, Buffer.from(message))]);
}

/** A length-delimited field. */
function writeField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), writeVarint(bytes.length), bytes]);
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  bytes.push(rest);
  return Buffer.from(bytes);
}
