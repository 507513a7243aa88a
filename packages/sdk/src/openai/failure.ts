import { field, parseJson, textField } from "../json/read-json.ts";
import type { Call } from "../wire.ts";

/** A failure as the provider tells it. */
export interface Failure {
  readonly type: string;
  readonly message: string;
}

/** The failure in `{ error: { code, type, message } }` or `{ error: "text" }`, if that is what it is. */
export function failureIn(value: unknown): Failure | undefined {
  const error = field(value, "error");
  if (typeof error === "string") return { type: "error", message: error };
  const message = textField(error, "message");
  const type = textField(error, "code") ?? textField(error, "type");
  if (message === undefined && type === undefined) return undefined;
  return { type: type ?? "error", message: message ?? type ?? "" };
}

/** The failure that an answer with an error status carries; the status when it carries none. */
export function failureOf(call: Call): Failure | undefined {
  if (call.status === undefined || call.status < 400) return undefined;
  const told = failureIn(parseJson(call.responseBody));
  if (told === undefined) return { type: String(call.status), message: `HTTP status ${call.status}` };
  return { type: told.type === "error" ? String(call.status) : told.type, message: told.message };
}
