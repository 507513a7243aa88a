import { field, parseJson, textField } from "../json/read-json.ts";
import type { Call } from "../wire.ts";

/** A failure as the provider tells it. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** A provider's way to tell a failure; undefined when this is none. */
export type FailureReader = (value: unknown) => Failure | undefined;

/**
 * The failure in `{ error: { code, type, message } }` (OpenAI, Anthropic), `{ error: { status, message } }`
 * (Google) or `{ error: "text" }`, if that is what it is.
 */
export function failureIn(value: unknown): Failure | undefined {
  const error = field(value, "error");
  if (typeof error === "string") return { type: "error", message: error };
  const message = textField(error, "message");
  const type = textField(error, "code") ?? textField(error, "type") ?? textField(error, "status");
  if (message === undefined && type === undefined) return undefined;
  return { type: type ?? "error", message: message ?? type ?? "" };
}

/** The failure that an answer with an error status carries; the status when it carries none. */
export function failureOf(call: Call, read: FailureReader = failureIn): Failure | undefined {
  if (call.status === undefined || call.status < 400) return undefined;
  const told = read(parseJson(call.responseBody));
  if (told === undefined) return { type: String(call.status), message: `HTTP status ${call.status}` };
  return { type: told.type === "error" ? String(call.status) : told.type, message: told.message };
}
