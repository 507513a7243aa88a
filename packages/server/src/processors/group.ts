import type { Attributes, Span } from "@telltale/model";
import type { Processor } from "../processor.ts";

/** Where a session or a user is named when no dialect and no table knew: baggage copied onto spans, the resource. */
const SESSION_KEYS = ["telltale.session.id", "baggage.session.id", "session_id", "sessionId", "session.id"];
const USER_KEYS = ["telltale.user.id", "baggage.user.id", "user_id", "userId", "user.id", "enduser.id"];

/**
 * Gives spans the session and user that their attributes or their resource name by convention,
 * where the translation left them open. A whole trace inherits them in the engine.
 */
export const group: Processor = { name: "group", create: () => groupSpan };

function groupSpan(span: Span): Span {
  if (span.sessionId !== undefined && span.userId !== undefined) return span;
  const sessionId = span.sessionId ?? named(span, SESSION_KEYS);
  const userId = span.userId ?? named(span, USER_KEYS);
  if (sessionId === span.sessionId && userId === span.userId) return span;
  return { ...span, sessionId, userId };
}

function named(span: Span, keys: readonly string[]): string | undefined {
  return firstOf(span.attributes, keys) ?? firstOf(span.resource, keys);
}

function firstOf(attributes: Attributes, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = attributes.get(key);
    if (typeof value === "string" && value !== "") return value;
    if (typeof value === "number" || typeof value === "bigint") return String(value);
  }
  return undefined;
}
