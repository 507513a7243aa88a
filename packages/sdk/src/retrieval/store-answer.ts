import { parseJson, recordOf, type JsonRecord } from "../json/read-json.ts";
import { failureOf, type FailureReader } from "../reading/failure.ts";
import type { Call, Reading } from "../wire.ts";

/** A call to a store, as far as it could be read. */
export interface StoreExchange {
  /** Undefined when it is not known; then the path alone has to do. */
  readonly asked: JsonRecord | undefined;
  /** The answer of a call that went well; undefined when there is none to be read. */
  readonly answered: JsonRecord | undefined;
  readonly failure: Reading["failure"];
}

/**
 * Reads both bodies. Undefined when they speak another API: paths of stores are short, and many a
 * program has one like them. `isAsked` and `isAnswered` look for what only this store says; an answer that went
 * well and was kept whole has to pass too.
 */
export function storeExchange(
  call: Call,
  isAsked: (request: JsonRecord) => boolean,
  isAnswered: (answer: JsonRecord) => boolean,
  readFailure?: FailureReader,
): StoreExchange | undefined {
  const asked = recordOf(parseJson(call.requestBody));
  const unknown = call.requestBody === undefined || call.requestBody === "";
  if (asked === undefined ? !unknown : !isAsked(asked)) return undefined;
  const failure = failureOf(call, readFailure);
  if (failure !== undefined || call.status === undefined) return { asked, answered: undefined, failure };
  const whole = call.outcome === "complete" && !call.cutShort;
  const answered = recordOf(parseJson(call.responseBody));
  if (answered === undefined ? whole : !isAnswered(answered)) return undefined;
  return { asked, answered, failure };
}

/** A part of a path as it was meant; as it is when it cannot be decoded. */
export function decodedPart(part: string | undefined): string | undefined {
  if (part === undefined || part === "") return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
