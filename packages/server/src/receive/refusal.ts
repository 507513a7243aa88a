import { RPC_CODES } from "../otlp/write-response.ts";

const CODES: ReadonlyMap<number, number> = new Map([
  [405, RPC_CODES.unimplemented],
  [413, RPC_CODES.resourceExhausted],
  [429, RPC_CODES.resourceExhausted],
  [503, RPC_CODES.unavailable],
]);

/** Why a request is not taken. The message is for the sender; it says what to do where that can be told. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  /** HTTP status. */
  readonly status: number;
  /** Seconds until the sender should try again; only with 429 and 503. */
  readonly retryAfter: number | undefined;

  constructor(status: number, message: string, retryAfter?: number) {
    super(message);
    this.status = status;
    // Stock JavaScript exporters give up within ten seconds and drop the batch when told to wait longer.
    this.retryAfter = retryAfter === undefined ? undefined : Math.min(3, Math.max(1, retryAfter));
  }

  /** The code of `google.rpc.Status` that says the same as the HTTP status. */
  get rpcCode(): number {
    return CODES.get(this.status) ?? RPC_CODES.invalidArgument;
  }
}

/** The sender went away before the request was complete: there is nobody to answer. */
export class SenderGone extends Error {
  override readonly name = "SenderGone";
}

/** The refusal of a body that is larger than allowed. */
export function tooLarge(limit: number): Refusal {
  return new Refusal(413, `the request is larger than ${limit} bytes after decompression: send smaller batches`);
}
