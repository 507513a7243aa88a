import { currentScope, runtime } from "../runtime.ts";
import type { AttributeMap } from "../attribute-value.ts";
import { addEvent, finishSpan } from "./active-span.ts";
import { describeValue } from "./describe-value.ts";
import { parseTraceparent } from "./remote-context.ts";
import type { TelltaleContext } from "./run-with.ts";
import { startSpan } from "./start-span.ts";
import { toldName } from "./told-name.ts";

/** What else can be told of a judgement. */
export interface ScoreOptions {
  /** Why. */
  readonly comment?: string;
  /** A word for the value, such as `good`. */
  readonly label?: string;
  /** What is judged, where it is over or elsewhere: the `currentContext()` taken in it. */
  readonly target?: TelltaleContext;
}

/** The event of the GenAI conventions for a judgement. */
const EVENT = "gen_ai.evaluation.result";

/**
 * Tells a judgement of the active span, or of `target`: a number, true or false, or a label. Told
 * as the conventions' event `gen_ai.evaluation.result` and, to filter by, as the attribute
 * `telltale.score.<name>`; of a target, on a span of kind `evaluation` below it. Never throws.
 */
export function score(name: string, value: number | boolean | string, about: string | ScoreOptions = {}): void {
  if (runtime.pipeline === undefined || typeof name !== "string" || name === "") return;
  const { comment, label, target } = typeof about === "string" ? { comment: about } : (about ?? {});
  const judged = judgement(name, value, label, describeValue(comment));
  const span = currentScope()?.span;
  const at = target === undefined ? undefined : parseTraceparent(target.traceparent ?? "");
  const told = typeof value === "boolean" ? Number(value) : value;
  if (at === undefined && span !== undefined) {
    addEvent(span, EVENT, judged);
    span.attributes.set(`telltale.score.${name}`, typeof told === "number" ? { double: told } : told);
    return;
  }
  const scope = { tapped: false, ...currentScope(), span: undefined, ...(at === undefined ? {} : { remote: at }) };
  const own = runtime.storage.run(scope, startSpan, `evaluate ${name}`, 1);
  own.attributes.set("telltale.span.kind", "evaluation");
  own.attributes.set(`telltale.score.${name}`, typeof told === "number" ? { double: told } : told);
  for (const [key, each] of judged) own.attributes.set(key, each);
  finishSpan(own);
}

function judgement(name: string, value: unknown, label: string | undefined, comment: string | undefined): AttributeMap {
  const attributes: AttributeMap = new Map([["gen_ai.evaluation.name", name]]);
  if (typeof value === "number") attributes.set("gen_ai.evaluation.score.value", { double: value });
  if (typeof value === "boolean") attributes.set("gen_ai.evaluation.score.value", { double: Number(value) });
  const word = label === undefined ? (typeof value === "number" ? undefined : toldName(value)) : toldName(label);
  if (word !== undefined) attributes.set("gen_ai.evaluation.score.label", word);
  if (comment !== undefined) attributes.set("gen_ai.evaluation.explanation", comment);
  return attributes;
}
