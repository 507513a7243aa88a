import { field, listField, numberField, parseJson, recordOf, textField } from "../json/read-json.ts";
import type { Call } from "../wire.ts";

/** A failure as the provider tells it. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** A provider's way to tell a failure; undefined when this is none. */
export type FailureReader = (value: unknown) => Failure | undefined;

/** For a failure whose kind nobody named. */
const UNNAMED = "error";

/**
 * The failure in `{ error: { code, type, message } }` (OpenAI, Anthropic), `{ error: { status, message } }`
 * (Google) or `{ error: "text" }`, if that is what it is.
 */
export function failureIn(value: unknown): Failure | undefined {
  const error = field(value, "error");
  return error === undefined || error === null ? undefined : failureOfError(error, value);
}

function failureOfError(error: unknown, value: unknown): Failure | undefined {
  // xAI and TGI name the kind beside the text.
  if (typeof error === "string") return { type: kindIn(value) ?? UNNAMED, message: error };
  const message = textField(error, "message");
  const type = kindIn(error);
  if (message === undefined && type === undefined) return undefined;
  return { type: type ?? UNNAMED, message: message ?? type ?? "" };
}

/** A code that is a number says no more than the status does, unless nothing else is told. */
function kindIn(value: unknown): string | undefined {
  const number = numberField(value, "code");
  return (
    textField(value, "code") ??
    textField(value, "type") ??
    textField(value, "error_type") ??
    textField(value, "status") ??
    (number === undefined ? undefined : String(number))
  );
}

/**
 * The failure in the body of an answer with an error status, in the shapes of OpenAI, Azure, Ollama
 * and llama.cpp (`error`), Mistral and Cohere (`message` beside `type`) and FastAPI (`detail`).
 */
function failureInBody(body: unknown): Failure | undefined {
  const told = failureIn(body);
  if (told !== undefined) return told;
  const detail = field(body, "detail");
  const first = field({ ...listField(body, "detail") }, "0");
  const message = textField(body, "message") ?? textField(field(body, "message"), "detail") ?? textField(first, "msg");
  if (message === undefined) {
    return typeof detail === "string" ? { type: UNNAMED, message: detail } : undefined;
  }
  return { type: kindIn(body) ?? textField(first, "type") ?? UNNAMED, message };
}

/** What OpenAI and Azure call a request that their filters do not let through. */
const FILTERS: ReadonlySet<string> = new Set(["content_filter", "content_policy_violation", "moderation_blocked"]);

/** Whether a filter of the provider refused the request. */
export function isFiltered(failure: Failure | undefined): boolean {
  return failure !== undefined && FILTERS.has(failure.type);
}

/** The failure that an answer with an error status carries; the status when it carries none. */
export function failureOf(call: Call, read: FailureReader = failureInBody): Failure | undefined {
  if (call.status === undefined || call.status < 400) return undefined;
  const body = parseJson(call.responseBody);
  const told = recordOf(body) === undefined ? undefined : read(body);
  if (told === undefined) return { type: String(call.status), message: `HTTP status ${call.status}` };
  return { type: told.type === UNNAMED ? String(call.status) : told.type, message: told.message };
}
