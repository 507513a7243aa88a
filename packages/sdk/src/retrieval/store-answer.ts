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
 * well and was kept whole has to pass too. `bodies` stand for those of the call where they are no objects of JSON.
 */
export function storeExchange(
  call: Call,
  isAsked: (request: JsonRecord) => boolean,
  isAnswered: (answer: JsonRecord) => boolean,
  readFailure?: FailureReader,
  bodies: Pick<Call, "requestBody" | "responseBody"> = call,
): StoreExchange | undefined {
  const { requestBody } = bodies;
  const asked = recordOf(parseJson(requestBody));
  const unknown = requestBody === undefined || requestBody === "";
  if (asked === undefined ? !unknown : !isAsked(asked)) return undefined;
  const failure = failureOf(call, readFailure);
  if (failure !== undefined || call.status === undefined) return { asked, answered: undefined, failure };
  const whole = call.outcome === "complete" && !call.cutShort;
  const answered = recordOf(parseJson(bodies.responseBody));
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
