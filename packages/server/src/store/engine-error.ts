import { StoreError } from "../store.ts";

/**
 * ClickHouse error numbers by what a caller can do about them (`src/Common/ErrorCodes.cpp`).
 * A limit that was set: too much time, memory, rows, bytes, depth, result or set size.
 */
const LIMIT = new Set([158, 159, 160, 161, 162, 167, 168, 191, 241, 306, 307, 394, 396, 606]);
/** Passes by itself or by freeing something: network, disk full, too many parts or queries, read-only replica, keeper. */
const UNAVAILABLE = new Set([
  3, 202, 203, 209, 210, 225, 236, 242, 243, 252, 254, 279, 285, 286, 289, 297, 319, 341, 425, 438, 439, 499, 516, 517,
  519, 999,
]);
/** The engine's or the disk's fault whatever the statement. */
const FAILED = new Set([
  5, 12, 23, 24, 32, 33, 40, 49, 74, 75, 76, 86, 87, 88, 95, 96, 98, 106, 107, 173, 174, 228, 229, 232, 233, 234, 244,
  246, 259, 271, 273, 424, 998, 1000, 1001, 1002,
]);

/** What an engine threw, as a {@link StoreError} with the noise taken out of the message. */
export function engineError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const number = errorNumber(cause, text);
  const message = cleanMessage(text);
  // Out of disk shows as a failed write of any kind.
  if (/No space left on device/.test(text)) return new StoreError("unavailable", message, { cause });
  if (number === undefined) return new StoreError(isNetwork(cause) ? "unavailable" : "failed", message, { cause });
  return new StoreError(codeOf(number, text), message, { cause });
}

function codeOf(number: number, text: string): StoreError["code"] {
  // The whole process is out of memory, not this statement: another time it has room.
  if (number === 241 && text.includes("(total)")) return "unavailable";
  if (LIMIT.has(number)) return "limit";
  if (UNAVAILABLE.has(number)) return "unavailable";
  return FAILED.has(number) ? "failed" : "bad-query";
}

function errorNumber(cause: unknown, text: string): number | undefined {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? Number(cause.code) : Number.NaN;
  if (Number.isInteger(code)) return code;
  const found = /Code: (\d+)\./.exec(text);
  return found ? Number(found[1]) : undefined;
}

const NETWORK = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "ETIMEDOUT", "EPIPE", "EAI_AGAIN", "EHOSTUNREACH"]);

function isNetwork(cause: unknown): boolean {
  if (typeof cause !== "object" || cause === null) return false;
  if ("code" in cause && typeof cause.code === "string" && NETWORK.has(cause.code)) return true;
  return cause instanceof Error && /timeout|socket hang up|aborted/i.test(cause.message);
}

/** Longest message passed on; the engine repeats the whole statement in some. */
const MESSAGE_CHARACTERS = 1000;

/** ClickHouse's own words: without codes, class names, versions, stack traces and the statement itself. */
function cleanMessage(text: string): string {
  const words = text
    .replace(/^(?:Query failed: )?(?:Code: \d+\. )?(?:DB::Exception: )?/, "")
    .replaceAll(/(?:Code: \d+\. )?DB::Exception: /g, "")
    .replace(/,? ?Stack trace[\s\S]*$/, "")
    .replaceAll(/\s*\(version [^)]*\)/g, "")
    .replace(/: (?:In scope|While processing|while executing|While executing) [\s\S]*$/i, "")
    .replace(/\. \([A-Z_]+\)[\s\S]*$/, ".")
    .replace(/\s*\([A-Z][A-Z_]{3,}\)\s*$/, "")
    .trim();
  return words.length > MESSAGE_CHARACTERS ? `${words.slice(0, MESSAGE_CHARACTERS)}…` : words;
}
