import { Buffer } from "node:buffer";
import { bytesField, varintField } from "../otlp/write-protobuf.ts";
import { writeStatus } from "../otlp/write-response.ts";
import type { Refusal } from "./refusal.ts";

const RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo";

/**
 * `google.rpc.Status` for the trailer `grpc-status-details-bin`: with `RetryInfo` (google/rpc/error_details.proto) when
 * the sender should try again. OTLP clients repeat RESOURCE_EXHAUSTED only with it.
 */
export function statusDetails(refusal: Refusal, message: string): Buffer {
  const status = writeStatus(refusal.rpcCode, message, "protobuf");
  if (refusal.retryAfter === undefined) return status;
  // RetryInfo.retry_delay = 1, Duration.seconds = 1; Any: type_url = 1, value = 2; Status.details = 3.
  const retryInfo = bytesField(1, varintField(1, refusal.retryAfter));
  return Buffer.concat([status, bytesField(3, bytesField(1, RETRY_INFO), bytesField(2, retryInfo))]);
}
