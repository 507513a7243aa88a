import type { OtlpRequest } from "./otlp-request.ts";

/** A request that this process, and no other, may send now. */
export interface Claim {
  /** Undefined when what was kept is damaged. */
  readonly request: OtlpRequest | undefined;
  /** It arrived, or never will. */
  remove(): Promise<void>;
  /** Another attempt later, by whoever comes first. */
  giveBack(): Promise<void>;
}

/** `kept`: safe there; `full`: no room; `failed`: it was not taken. */
export type Kept = "kept" | "full" | "failed";

/** Where requests wait for a server that is away. */
export interface RequestStore {
  /** When this resolves with `kept`, the request outlives the process. */
  write(request: OtlpRequest): Promise<Kept>;
  /** `write` for the end of the process, without a promise. Never throws. */
  writeNow(request: OtlpRequest): boolean;
  /** Takes the oldest that nobody is sending; undefined when there is none. */
  next(): Promise<Claim | undefined>;
}
