/** What is sent by OTLP; each signal has a path of its own. */
export type Signal = "traces" | "metrics";

/** One export request, in protobuf. */
export interface OtlpRequest {
  readonly signal: Signal;
  /** The message, in pieces. */
  readonly bytes: readonly Buffer[];
  /** Spans, or data points. */
  readonly count: number;
}

/** Length of a request in bytes. */
export function lengthOf({ bytes }: OtlpRequest): number {
  return bytes.reduce((sum, piece) => sum + piece.length, 0);
}

/** A request that can be sent in halves, where a server finds it too large. */
export interface Parcel {
  readonly request: OtlpRequest;
  /** Undefined when there is one item only. */
  halves(): readonly Parcel[] | undefined;
  /** Called when the first attempt did not bring it there: what counting it would need is to be kept from now on. */
  readonly missed?: (() => void) | undefined;
}
