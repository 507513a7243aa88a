import type { Content, Finding, Span, SpanId } from "@telltale/model";
import type { Detector, TraceWatch } from "../detector.ts";
import { contentText } from "../text/content-text.ts";
import { similarity, trigramsOf, type Trigrams } from "../text/trigrams.ts";

/** So many near-identical calls in a row are no retry any more. */
const REPEATS = 3;
/** From here on it is not a hesitation but a loop. */
const ERROR_REPEATS = 5;
/**
 * Share of trigrams that two inputs have in common (Jaccard) to be near-identical. A changed word among eight, or an
 * added "please", stays above; two different questions of the same form stay below.
 */
const NEAR = 0.6;
/** Model calls are made from templates: a batch of them is alike and still no loop, unless it is all but the same. */
const NEAR_MODEL_CALL = 0.9;

/** The calls of one caller (same parent) to one thing (tool or model), as far as they are alike. */
interface Streak {
  trigrams: Trigrams;
  spans: SpanId[];
  output: string | undefined;
  /** Whether every answer is known and near to the one before. If not, somebody may be polling, and get further. */
  stuck: boolean;
}

/** What a span calls; `undefined` where it is no call of a tool or a model. */
function calleeOf(span: Span): string | undefined {
  if (span.kind === "tool" || span.kind === "mcp" || span.kind === "retrieval") return span.toolName ?? span.name;
  if (span.kind === "llm") return span.responseModel ?? span.requestModel ?? span.name;
  return undefined;
}

/**
 * What a call asks. An agent's model call carries the conversation so far, which grows while nothing happens: only
 * its last message tells.
 */
function questionOf(content: Content | undefined): string | undefined {
  if (!content || content.type === "masked") return undefined;
  if (content.type !== "messages") return contentText(content);
  const last = content.messages.at(-1);
  return last ? contentText({ type: "messages", messages: [last] }) : undefined;
}

function findingOf(span: Span, callee: string, streak: Streak): Finding {
  const count = streak.spans.length;
  return {
    detector: "repeated-call",
    severity: count >= ERROR_REPEATS ? "error" : "warning",
    message: `${callee} was called ${count} times in a row with nearly the same input${streak.stuck ? " and gave nearly the same answer" : ""}`,
    traceId: span.traceId,
    spanIds: [...streak.spans],
  };
}

class RepeatedCallWatch implements TraceWatch {
  readonly #streaks = new Map<string, Streak>();

  see(span: Span): Finding | undefined {
    const callee = calleeOf(span);
    const question = questionOf(span.input);
    if (callee === undefined || question === undefined) return undefined;
    const key = `${span.agentName ?? span.parentSpanId ?? ""}\u0000${span.kind}\u0000${callee}`;
    const trigrams = trigramsOf(question);
    const output = questionOf(span.output);
    const streak = this.#streaks.get(key);
    if (!streak || similarity(streak.trigrams, trigrams) < (span.kind === "llm" ? NEAR_MODEL_CALL : NEAR)) {
      this.#streaks.set(key, { trigrams, spans: [span.spanId], output, stuck: true });
      return undefined;
    }
    streak.stuck &&= isNear(streak.output, output);
    streak.trigrams = trigrams;
    streak.output = output;
    streak.spans.push(span.spanId);
    const told = streak.spans.length === REPEATS || streak.spans.length >= ERROR_REPEATS;
    return told ? findingOf(span, callee, streak) : undefined;
  }
}

function isNear(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return similarity(trigramsOf(before), trigramsOf(after)) >= NEAR;
}

/** The same call, slightly changed, again and again: an agent that goes round in circles. */
export const repeatedCall: Detector = {
  name: "repeated-call",
  summary: "one caller calls the same tool or model again and again with nearly the same input",
  create: () => new RepeatedCallWatch(),
};
