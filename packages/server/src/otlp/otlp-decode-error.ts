/**
 * A request that is not OTLP as a whole: broken framing, not JSON, or another signal's shape.
 * The sender's fault, and sending it again does not help (HTTP 400). The message says where
 * and what, and what to do where that can be told.
 */
export class OtlpDecodeError extends Error {
  override readonly name = "OtlpDecodeError";
}
