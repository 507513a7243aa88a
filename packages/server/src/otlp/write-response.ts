import { Buffer } from "node:buffer";
import type { Signal } from "./record.ts";
import type { Rejected } from "./rejections.ts";
import { bytesField, varintField } from "./write-protobuf.ts";

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
  return bytesField(1, varintField(1, rejected.count), bytesField(2, message));
}

/** `google.rpc.Status`: code = 1, message = 2. */
export function writeStatus(code: number, text: string, encoding: Encoding): Buffer {
  const message = text.slice(0, MAX_MESSAGE).toWellFormed();
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([varintField(1, code), bytesField(2, message)]);
}
