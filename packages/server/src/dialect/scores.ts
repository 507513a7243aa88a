import type { Attributes, AttributeValue, Score, SpanId, TraceId } from "@telltale/model";
import type { EventRecord, LogRecord } from "../otlp/record.ts";
import { firstText, numberOf, scalarText } from "./attribute-readers.ts";
import { isObject, parseJson } from "./json-of.ts";
import { type FlatNode, listOf, nodeAt, textAtNode, unfold } from "./flattened.ts";

/** A score, when it was given, and the sender's own id of it: what is told again under one id replaces it. */
export interface ToldScore {
  readonly score: Score;
  readonly time: bigint;
  /** "" where the sender has none. */
  readonly id: string;
}

/** The event of the conventions (§1.4), a span's or a log record; vendors' scores and feedback are read into it. */
export const EVALUATION_EVENT = "gen_ai.evaluation.result";
/** More than these are no judgements of one span. */
const MOST = 200;

/** What a record says of where it belongs. */
interface Place {
  readonly traceId: TraceId;
  readonly spanId?: SpanId;
  readonly parentSpanId?: SpanId;
}

/** Who judged, by the words of the conventions' draft, OpenInference, LangSmith and Langfuse. */
const SOURCES: ReadonlyMap<string, Score["source"]> = new Map([
  ["code", "code"],
  ["heuristic", "code"],
  ["deterministic", "code"],
  ["llm", "llm"],
  ["model", "llm"],
  ["eval", "llm"],
  ["llm_judge", "llm"],
  ["human", "human"],
  ["app", "human"],
  ["annotation", "human"],
  ["user", "human"],
  ["api", "api"],
]);
const SOURCE_KEYS = [
  "gen_ai.evaluation.evaluator.source",
  "gen_ai.evaluation.source",
  "langfuse.score.source",
  "langsmith.feedback.feedback_source.type",
];
const ID_KEYS = ["langfuse.score.id", "langsmith.feedback.id", "gen_ai.evaluation.id"];

function sourceOf(told: string | undefined): Score["source"] {
  return SOURCES.get(told?.toLowerCase() ?? "") ?? "api";
}

/** The score of one `gen_ai.evaluation.result`; `undefined` where it has no name. */
function ofEvent(attributes: Attributes, place: Place, time: bigint): ToldScore | undefined {
  const name = firstText(attributes, ["gen_ai.evaluation.name"]);
  if (name === undefined) return undefined;
  const failed = firstText(attributes, ["error.message", "error.type"]);
  const score = scoreOf(place, {
    name,
    value: attributes.get("gen_ai.evaluation.score.value"),
    label: attributes.get("gen_ai.evaluation.score.label"),
    explanation: firstText(attributes, ["gen_ai.evaluation.explanation"]) ?? failed,
    source: sourceOf(sourceTold(attributes)),
  });
  return { score, time, id: firstText(attributes, ID_KEYS) ?? "" };
}

/** LangSmith tells the source as an object, which may be one attribute. */
function sourceTold(attributes: Attributes): string | undefined {
  const source = attributes.get("langsmith.feedback.feedback_source");
  if (source instanceof Map) return scalarText(source.get("type"));
  if (typeof source === "string") return /"type":\s*"(\w{1,20})"/.exec(source)?.[1] ?? source;
  return firstText(attributes, SOURCE_KEYS);
}

/** What a sender says of a judgement; `value` may be a number, digits or a yes and no. */
interface Told {
  readonly name: string;
  readonly value: AttributeValue | undefined;
  readonly label: AttributeValue | undefined;
  readonly explanation: string | undefined;
  readonly source: Score["source"];
}

function scoreOf({ traceId, spanId }: Place, told: Told): Score {
  const value = typeof told.value === "boolean" ? Number(told.value) : numberOf(told.value);
  const isWord = typeof told.value === "string" && value === undefined ? told.value : undefined;
  const label = typeof told.label === "boolean" ? String(told.label) : (scalarText(told.label) ?? isWord);
  return {
    name: told.name,
    value: value ?? (typeof told.label === "boolean" ? Number(told.label) : null),
    ...(label === undefined || label === "" ? {} : { label }),
    ...(told.explanation === undefined ? {} : { explanation: told.explanation }),
    source: told.source,
    traceId,
    ...(spanId === undefined ? {} : { spanId }),
  };
}

/** The score that a log record tells; `undefined` for any other record, and for one of no trace. */
export function scoreOfLog(log: LogRecord): ToldScore | undefined {
  if (log.eventName !== EVALUATION_EVENT || log.traceId === undefined) return undefined;
  const { traceId, spanId } = log;
  return ofEvent(log.attributes, { traceId, ...(spanId === undefined ? {} : { spanId }) }, log.time);
}

/** Annotations as OpenInference writes them, its older name, and those of the whole trace. */
const LISTS = [
  ["annotations", "annotation"],
  ["evaluations", "evaluation"],
  ["trace.annotations", "annotation"],
] as const;
const OWN = "telltale.score.";
/** JSON of names and numbers from 0 to 1. */
const BRAINTRUST = "braintrust.scores";

/** Scores that a span tells of itself: events, OpenInference's annotations, Logfire's and Braintrust's attributes, our SDK's. */
export function scoresOfSpan(
  place: Place,
  span: { readonly kind: string; readonly attributes: Attributes; readonly events: readonly EventRecord[] },
  time: bigint,
): readonly ToldScore[] {
  const { attributes, events, kind } = span;
  const found: ToldScore[] = [];
  for (const event of events.slice(0, MOST))
    if (event.name === EVALUATION_EVENT) add(found, ofEvent(event.attributes, place, event.time));
  // A span that is a judgement judges what it lies below.
  const judged =
    kind === "evaluation" && place.parentSpanId !== undefined ? { ...place, spanId: place.parentSpanId } : place;
  if (attributes.has("gen_ai.evaluation.name")) add(found, ofEvent(attributes, judged, time));
  // Our SDK tells a judgement twice, once to filter by.
  const named = new Set(found.map(({ score }) => score.name));
  for (const [key, value] of attributes)
    if (key.startsWith(OWN) && key.length > OWN.length && !named.has(key.slice(OWN.length)))
      add(found, { score: scoreOf(judged, own(key.slice(OWN.length), value)), time, id: "" });
  for (const told of ofBraintrust(attributes)) add(found, { score: scoreOf(judged, told), time, id: "" });
  const flat = unfold(
    attributes,
    LISTS.map(([prefix]) => prefix),
  );
  for (const [prefix, member] of LISTS)
    for (const item of listOf(flat.get(prefix)?.node).slice(0, MOST)) {
      const { traceId } = place;
      add(found, annotation(nodeAt(item, member), prefix === "trace.annotations" ? { traceId } : place, time));
    }
  return found;
}

function add(found: ToldScore[], told: ToldScore | undefined): void {
  if (told && found.length < MOST) found.push(told);
}

function ofBraintrust(attributes: Attributes): readonly Told[] {
  const told = attributes.get(BRAINTRUST);
  const scores = typeof told === "string" ? parseJson(told) : undefined;
  return Object.entries(isObject(scores) ? scores : {}).flatMap(([name, value]) =>
    name !== "" && typeof value === "number"
      ? [{ name, value, label: undefined, explanation: undefined, source: "api" as const }]
      : [],
  );
}

function own(name: string, value: AttributeValue): Told {
  return { name, value, label: undefined, explanation: undefined, source: "code" };
}

function annotation(node: FlatNode | undefined, place: Place, time: bigint): ToldScore | undefined {
  const name = textAtNode(node, "name");
  if (name === undefined || name === "") return undefined;
  const score = scoreOf(place, {
    name,
    value: nodeAt(node, "score")?.value,
    label: nodeAt(node, "label")?.value,
    explanation: textAtNode(node, "explanation"),
    source: sourceOf(textAtNode(node, "annotator_kind")),
  });
  return { score, time, id: textAtNode(node, "identifier") ?? "" };
}

/**
 * The scores of a trace, each once: what comes later under one id, or by one judge of one name on one span with
 * nothing changed, stands for the earlier. In the order they were given.
 */
export function latestScores(told: readonly ToldScore[]): readonly ToldScore[] {
  const latest = new Map<string, ToldScore>();
  for (const each of told.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))) {
    const { name, spanId = "", source, value, label = "", explanation = "" } = each.score;
    const rest = each.id === "" ? [source, value, label, explanation] : [];
    const key = JSON.stringify([name, spanId, each.id, ...rest]);
    latest.delete(key);
    latest.set(key, each);
  }
  return [...latest.values()];
}
