import type { Call, Outcome } from "../wire.ts";

/**
 * How a streamed answer ended, by its content: clients stop reading at the provider's last word and
 * leave the rest of the bytes lying, and a server may end its bytes well in the middle of a word.
 */
export function outcomeOfStream(
  call: Call,
  answer: { readonly finished: boolean; readonly failure?: unknown },
): { readonly outcome?: Outcome } {
  if (answer.finished && call.outcome === "abandoned") return { outcome: "complete" };
  if (!answer.finished && answer.failure === undefined && call.outcome === "complete") return { outcome: "cut" };
  return {};
}
