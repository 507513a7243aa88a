import { currentScope } from "../runtime.ts";
import { type ActiveSpan, activeSpanOf } from "./active-span.ts";
import { setMetadata, setSession, setTags, setUser } from "./associate.ts";
import type { SettableValue } from "./association.ts";
import { toldKind } from "./span-kind.ts";

/** What can be changed on a span while it runs. */
export interface SpanUpdate {
  readonly name?: string;
  readonly input?: unknown;
  readonly output?: unknown;
  /** Marks the span as failed. */
  readonly error?: unknown;
  readonly attributes?: Readonly<Record<string, SettableValue>>;
  readonly sessionId?: string;
  readonly userId?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, SettableValue>>;
}

/** The handle of the active span of the program's own; undefined where there is none. */
export function currentSpan(): ActiveSpan | undefined {
  const span = currentScope()?.span;
  return span === undefined ? undefined : activeSpanOf(span, toldKind(span.attributes.get("telltale.span.kind")));
}

/** Changes the active span from anywhere below it. Does nothing where there is none. */
export function updateCurrentSpan(update: SpanUpdate): void {
  const active = currentSpan();
  const span = currentScope()?.span;
  if (active === undefined || span === undefined || typeof update !== "object" || update === null) return;
  if (typeof update.name === "string") span.name = update.name;
  if (update.input !== undefined) active.setInput(update.input);
  if (update.output !== undefined) active.setOutput(update.output);
  if (update.error !== undefined) active.recordError(update.error);
  for (const [name, value] of Object.entries(update.attributes ?? {})) active.setAttribute(name, value);
  if (update.sessionId !== undefined) setSession(update.sessionId);
  if (update.userId !== undefined) setUser(update.userId);
  if (update.tags !== undefined) setTags(update.tags);
  if (update.metadata !== undefined) setMetadata(update.metadata);
}
