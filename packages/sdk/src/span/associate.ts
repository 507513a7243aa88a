import { currentScope, runtime } from "../runtime.ts";
import { type Association, isSettable, type SettableValue } from "./association.ts";
import type { SpanRecord } from "./span-record.ts";
import { toldId } from "./told-name.ts";

/** More tags or metadata on each span would be a payload, not a label. */
const MOST_LABELS = 64;

/**
 * Changes what the active span and every span begun below it from now on belong to. Without an
 * active span it holds for what follows in the same piece of asynchronous program. Answers with
 * the active span.
 */
export function associate(change: (association: Association) => void): SpanRecord | undefined {
  if (runtime.pipeline === undefined) return undefined;
  const scope = currentScope();
  if (scope?.span !== undefined) {
    change(scope);
    change(scope.span);
  } else {
    const following = { span: undefined, tapped: false, ...scope };
    change(following);
    runtime.storage.enterWith(following);
  }
  return scope?.span;
}

/**
 * Says which conversation the active span belongs to, and every span begun below it from now on.
 * Without an active span it holds for what follows in the same piece of asynchronous program.
 */
export function setSession(id: string): void {
  const sessionId = toldId(id);
  if (sessionId === undefined) return;
  associate((association) => {
    association.sessionId = sessionId;
  });
}

/** Says for whom the active span works; reaches as far as `setSession`. */
export function setUser(id: string): void {
  const userId = toldId(id);
  if (userId === undefined) return;
  associate((association) => {
    association.userId = userId;
  });
}

/** Adds tags to those in force; reaches as far as `setSession`. At most 64 are kept. */
export function setTags(tags: readonly string[]): void {
  if (!Array.isArray(tags)) return;
  const told = tags.filter((tag): tag is string => typeof tag === "string" && tag !== "");
  associate((association) => {
    association.tags = [...new Set([...(association.tags ?? []), ...told])].slice(0, MOST_LABELS);
  });
}

/**
 * Adds facts of the program's own (`{ tenant: "acme", plan: "pro" }`) to those in force; reaches as
 * far as `setSession`. Kept as `telltale.metadata.<name>`; at most 64.
 */
export function setMetadata(metadata: Readonly<Record<string, SettableValue>>): void {
  if (typeof metadata !== "object" || metadata === null) return;
  const told = Object.entries(metadata).filter(([, value]) => isSettable(value));
  associate((association) => {
    association.metadata = new Map([...(association.metadata ?? []), ...told].slice(0, MOST_LABELS));
  });
}
