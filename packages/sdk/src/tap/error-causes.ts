import { errorTypeOf } from "../span/record-error.ts";

/** Causes of causes that are looked at; clients wrap an error once or twice. */
const DEEPEST = 4;

/** `TimeoutError`, `HeadersTimeoutError`, `ETIMEDOUT`, `UND_ERR_BODY_TIMEOUT`. */
const TIMEOUT_TYPE = /time(?:d|_)?_?out/i;
/** The same in words: `timeout of 100ms exceeded`, `Request timed out.` */
const TIMEOUT_WORDS = /\btime(?:d[ _-]?|[ _-])?out\b/i;

/**
 * Whether an error, or what caused it, says that somebody would wait no longer. Where it is the `reason` that a
 * program gave for cancelling, its words count as well: clients have constants, classes and texts of their own.
 */
export function isTimeout(error: unknown, isReason: boolean): boolean {
  return causes(error).some(
    (cause) => TIMEOUT_TYPE.test(errorTypeOf(cause)) || TIMEOUT_TYPE.test(codeOf(cause)) || (isReason && saysSo(cause)),
  );
}

/** Whether an error says that the program cancelled. */
export function isAbort(error: unknown): boolean {
  return causes(error).some((cause) => errorTypeOf(cause) === "AbortError");
}

function causes(error: unknown): unknown[] {
  const all = [error];
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined && all.length < DEEPEST) all.push((cause = cause.cause));
  return all;
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : "";
}

function saysSo(reason: unknown): boolean {
  const text = reason instanceof Error ? reason.message : reason;
  return typeof text === "string" && TIMEOUT_WORDS.test(text);
}
