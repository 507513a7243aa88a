import type { AttributeMap } from "../attribute-value.ts";
import { type Open, runtime } from "../runtime.ts";
import type { SpanRecord } from "../span/span-record.ts";
import type { BackgroundAnswer } from "../wire.ts";

/** Calls that wait for their answer; the oldest is told as it is when there are more. */
const MOST_WAITING = 1000;
/** Ids of answers whose tokens were told; a program looks at an answer again within minutes. */
const MOST_TOLD = 10_000;

interface Waiting extends Open {
  readonly span: SpanRecord;
}

const waiting = new Map<string, Waiting>();
const told = new Set<string>();

/**
 * Makes one span of a call whose answer is fetched by later calls. Answers whether this call's span
 * is to be sent: the asking span waits; a look at an answer that is not there yet is none; the one
 * that finds it becomes the asking span, from the question to the answer. A later look is a span
 * without tokens, which were told once.
 */
export function settleBackground(span: SpanRecord, { id, asked, done }: BackgroundAnswer): boolean {
  const first = waiting.get(id);
  if (!done) {
    if (!asked) return span.failed;
    if (told.has(id) || span.failed) return true;
    wait(id, span);
    return false;
  }
  if (first !== undefined) {
    first.abandon = nothing;
    forget(id, first);
    if (!asked) continueAs(span, first.span);
  }
  if (told.has(id)) withoutUsage(span.attributes);
  told.add(id);
  if (told.size > MOST_TOLD) for (const oldest of told) if (told.delete(oldest)) break;
  return true;
}

function nothing(): void {}

function wait(id: string, span: SpanRecord): void {
  const entry: Waiting = {
    span,
    abandon: () => {
      forget(id, entry);
      // Sent as it is: nobody came for the answer.
      span.unread = undefined;
      runtime.pipeline?.add(span);
    },
  };
  waiting.set(id, entry);
  runtime.open.add(entry);
  if (waiting.size > MOST_WAITING) for (const [, oldest] of waiting) return oldest.abandon();
}

function forget(id: string, entry: Waiting): void {
  if (waiting.get(id) === entry) waiting.delete(id);
  runtime.open.delete(entry);
}

/** Puts the finding span in the place of the asking one, with what both know. */
function continueAs(found: SpanRecord, first: SpanRecord): void {
  const { traceId, spanId, parentSpanId, remoteParent, startTime, sessionId, userId, agentName, name } = first;
  Object.assign(found, { traceId, spanId, parentSpanId, remoteParent, startTime, sessionId, userId, agentName, name });
  const attributes: AttributeMap = new Map(first.attributes);
  for (const [key, value] of found.attributes) {
    if (key !== "gen_ai.operation.name" && key !== "gen_ai.request.model") attributes.set(key, value);
  }
  found.attributes = attributes;
}

function withoutUsage(attributes: AttributeMap): void {
  for (const name of attributes.keys()) {
    if (name.startsWith("gen_ai.usage.") || name.startsWith("telltale.usage.")) attributes.delete(name);
  }
}
