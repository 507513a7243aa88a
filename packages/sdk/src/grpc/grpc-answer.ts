import type { Failure } from "../reading/failure.ts";
import type { Call } from "../wire.ts";

/** Whether the message is compressed, and its length. */
const PREFIX = 5;

/** The names of the codes of gRPC, from 0 on. */
const CODES = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
] as const;

/** The first message of a body; undefined when it is not there whole, or compressed. */
export function grpcMessage(body: Uint8Array | undefined): Buffer | undefined {
  if (body === undefined || body.length < PREFIX || body[0] !== 0) return undefined;
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const end = PREFIX + new DataView(body.buffer, body.byteOffset, PREFIX).getUint32(1);
  return end > bytes.length ? undefined : bytes.subarray(PREFIX, end);
}

/** The trailers that are asked for. */
export const GRPC_TRAILERS: readonly string[] = ["grpc-status", "grpc-message"];

/** What the trailers say; undefined when it went well, or when no answer came. */
export function grpcFailure(call: Call): Failure | undefined {
  const code = call.header("grpc-status");
  if (code === "" || code === "0") return undefined;
  return { type: CODES[Number(code)] ?? code, message: decoded(call.header("grpc-message")) };
}

/** Percent-encoded, as gRPC has it. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
