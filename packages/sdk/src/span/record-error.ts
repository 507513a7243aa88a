import { messageOf } from "../diagnostics.ts";
import { now } from "./clock.ts";
import type { SpanRecord } from "./span-record.ts";

const seen = new WeakSet<object>();

/** The low-cardinality name of an error, for `error.type`: its code or its class. */
export function errorTypeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return typeof error;
  try {
    return error instanceof Error ? nameOf(error) : "object";
  } catch {
    return "object";
  }
}

function nameOf(error: Error): string {
  // What a program throws may have anything in these places.
  const name: unknown = error.name;
  const className: unknown = Reflect.get(error.constructor, "name");
  if (typeof name === "string" && name !== "Error" && name !== "") return name;
  // Node's own errors are all of one class and tell their kind in a code.
  const code: unknown = Reflect.get(error, "code");
  if (className === "Error" && typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code)) return code;
  return typeof className === "string" && className !== "" ? className : "Error";
}

/**
 * Marks the span as failed. The stack goes on the innermost span that the error passed, once:
 * the spans above say that they failed and why, not the same page of text again.
 */
export function recordError(span: SpanRecord, error: unknown): void {
  span.failed = true;
  span.statusMessage = messageOf(error);
  const type = errorTypeOf(error);
  span.attributes.set("error.type", type);
  if (typeof error === "object" && error !== null) {
    if (seen.has(error)) return;
    seen.add(error);
  }
  const attributes = new Map<string, string>([
    ["exception.type", type],
    ["exception.message", span.statusMessage],
  ]);
  const stack = stackOf(error);
  if (stack !== undefined) attributes.set("exception.stacktrace", stack);
  (span.events ??= []).push({ name: "exception", time: now(), attributes });
  // The text of the status is the message itself.
  span.heldBytes += span.statusMessage.length + (stack?.length ?? 0);
}

function stackOf(error: unknown): string | undefined {
  try {
    return error instanceof Error && typeof error.stack === "string" ? error.stack : undefined;
  } catch {
    return undefined;
  }
}
