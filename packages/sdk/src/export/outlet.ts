import { runtime } from "../runtime.ts";
import { hideFromForeignTracers } from "../span/foreign-parent.ts";
import type { OtlpRequest, Parcel } from "./otlp-request.ts";

/**
 * What a server said to one request. `taken`: it has it, but for `rejected` items (partial
 * success). `away`: another attempt may help, after `retryAfterMs` where the server told;
 * `untouched` says that the server surely has nothing of it. `too-large`: in halves, perhaps.
 * `refused`: never again.
 */
export type Answer =
  | { readonly type: "taken"; readonly rejected: number; readonly message: string }
  | {
      readonly type: "away";
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly untouched: boolean;
    }
  | { readonly type: "too-large"; readonly reason: string }
  | { readonly type: "refused"; readonly reason: string };

/** One way to one server. Opens its connection with the first request and keeps it. */
export interface Outlet {
  /** One attempt, bounded in time. Never rejects. */
  send(request: OtlpRequest): Promise<Answer>;
  /** Hands a request over in this very turn, where a page may be gone after it; nobody hears what became of it. */
  readonly sendNow?: (parcel: Parcel) => void;
  /** Ends connections; what is under way is answered `away`. */
  close(): void;
}

/** Sends so that neither our own taps nor the program's tracer take the request for one of the program. */
export function sendUnseen(outlet: Outlet, request: OtlpRequest): Promise<Answer> {
  return new Promise((resolve) => {
    runtime.storage.run({ span: undefined, tapped: true }, () => {
      hideFromForeignTracers(() => {
        outlet.send(request).then(resolve, (error: unknown) => {
          resolve({ type: "away", reason: String(error), untouched: false });
        });
      });
    });
  });
}
