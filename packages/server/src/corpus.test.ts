import type { Content, Span } from "@telltale/model";
import { inputTokens, outputTokens } from "@telltale/model";
import { describe, expect, it } from "vitest";
import { contentText } from "./dialect/content-text.ts";
import { pipeline } from "./pipeline.ts";
import { KNOWN_LOSSES, lossesOf, type Loss } from "./testing/losses.ts";
import { logsOf, readRecording, recordingNames } from "./testing/read-recording.ts";
import { type Story, storyOf } from "./testing/stories.ts";
import { translate } from "./translate.ts";

const steps = pipeline();

function spansOf(name: string): readonly Span[] {
  const recording = readRecording(name);
  return recording.spans.map((span) =>
    steps(translate(span, logsOf(recording, span), { project: "", receivedAt: span.startTime })),
  );
}

/** One call of a model, and all the spans that tell of it: the deepest first. */
type ModelCall = readonly [Span, ...Span[]];

/** Calls in the order they began. Spans of one call are above one another or have one answer's id. */
function modelCalls(spans: readonly Span[], kind: "llm" | "embedding"): readonly ModelCall[] {
  const byId = new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span]));
  const told = spans.filter((span) => span.kind === kind);
  const above = (span: Span): readonly Span[] => {
    const ancestors: Span[] = [];
    for (let next = byId.get(`${span.traceId} ${span.parentSpanId}`); next && ancestors.length < 100;) {
      ancestors.push(next);
      next = byId.get(`${next.traceId} ${next.parentSpanId}`);
    }
    return ancestors.filter((ancestor) => ancestor.kind === kind);
  };
  const outer = new Set(told.flatMap(above));
  const calls = new Map<string, Span[]>();
  for (const span of told.filter((candidate) => !outer.has(candidate))) {
    const key = span.responseId ?? span.spanId;
    const call = calls.get(key) ?? [];
    calls.set(
      key,
      [...call, span, ...above(span)].toSorted((a, b) => b.usage.length - a.usage.length),
    );
  }
  return [...calls.values()]
    .toSorted((a, b) => Number((a[0]?.startTime ?? 0n) - (b[0]?.startTime ?? 0n)))
    .filter((call): call is [Span, ...Span[]] => call.length > 0);
}

/** The tokens of a call as the span that told them has them. */
function tokensOf(call: ModelCall): readonly [number | null, number | null] {
  const { usage } = call.find((span) => span.usage.length > 0) ?? call[0];
  return [inputTokens(usage) ?? null, outputTokens(usage) ?? null];
}

function textOf(call: ModelCall, side: "input" | "output"): string {
  const told: Content | undefined = call.map((span) => span[side]).find((content) => content !== undefined);
  return told ? contentText(told) : "";
}

/** The tokens of a story; those that are lost are nobody's. */
function storyTokens(story: Story, losses: ReadonlySet<Loss>): readonly (readonly [number | null, number | null])[] {
  return story.calls.map(([input, output]) => (losses.has("usage") ? [null, null] : [input, output]));
}

const names = recordingNames();
const toldOfModels = names.filter((name) => {
  const [sdk = "", scenario = ""] = name.split("/");
  return storyOf(sdk, scenario) !== undefined;
});

/** A recording with its story, translated once for all the tests. */
function told(name: string): {
  spans: readonly Span[];
  calls: readonly ModelCall[];
  story: Story;
  losses: ReadonlySet<Loss>;
} {
  const [sdk = "", scenario = ""] = name.split("/");
  const story = storyOf(sdk, scenario);
  if (!story) throw new Error(`${name} has no story`);
  const spans = spansOf(name);
  return { spans, calls: modelCalls(spans, story.kind ?? "llm"), story, losses: lossesOf(name) };
}

describe("the corpus", () => {
  it("is all there", () => {
    expect(names).toHaveLength(289);
    expect(names.filter((name) => !toldOfModels.includes(name))).toEqual([
      "braintrust/evaluation",
      "crewai-openllmetry/chat",
      "crewai-openllmetry/tools",
      "haystack/err400",
      "langfuse5/observation-types",
      "langsmith/generator-stream",
      "mcp-openinference/error",
      "mcp-traceloop/call",
      "mcp-traceloop/error",
      "mlflow/embeddings",
    ]);
  });

  it.each(names)("%s is read without a rejected record", (name) => {
    const recording = readRecording(name);
    expect(recording.rejected).toBe(0);
    expect(recording.spans.length + recording.logs.length).toBeGreaterThan(0);
  });

  it("has no recording left for a known loss to describe wrongly", () => {
    const stale = KNOWN_LOSSES.filter(({ recordings }) => !names.some((name) => recordings.test(name)));
    expect(stale).toEqual([]);
  });
});

describe("a story told by any SDK", () => {
  it.each(toldOfModels)("%s has the calls and tokens that the server answered", (name) => {
    const { calls, story, losses } = told(name);
    const expected = storyTokens(story, losses);
    if (losses.has("calls")) expect(calls.map(tokensOf)).not.toEqual(expected);
    else expect(calls.map(tokensOf)).toEqual(expected);
  });

  it.each(toldOfModels)("%s has the model of every call", (name) => {
    const { calls, story, losses } = told(name);
    for (const [span] of calls) {
      if (losses.has("model")) expect(span.requestModel).toBeUndefined();
      else expect(span.requestModel?.startsWith(story.model)).toBe(true);
      if (losses.has("response model") || story.fails || story.kind === "embedding" || story.calls[0]?.[0] === null)
        continue;
      expect(span.responseModel?.startsWith(story.model)).toBe(true);
      if (story.model.startsWith("gpt")) expect(span.responseModel).toBe(`${story.model}-2026-07-18`);
    }
  });

  it.each(toldOfModels)("%s has what was asked and answered", (name) => {
    const { calls, story, losses } = told(name);
    if (losses.has("calls")) return;
    for (const [index, call] of calls.entries()) {
      const asked = textOf(call, "input");
      if (!losses.has("input")) expect(asked).toContain(story.asks ?? "");
      else if (story.asks !== undefined) expect(asked).not.toContain(story.asks);
      const says = story.calls[index]?.[2];
      const answered = textOf(call, "output");
      if (says === undefined) expect(answered).toBe("");
      else if (!losses.has("output")) expect(answered).toContain(says);
    }
  });

  it.each(toldOfModels)("%s has the tools that ran", (name) => {
    const { spans, story, losses } = told(name);
    const tools = spans.filter((span) => span.kind === "tool");
    expect(tools.map((span) => span.toolName ?? "").toSorted()).toEqual(
      losses.has("tools") ? [] : (story.tools ?? []).toSorted(),
    );
    for (const span of tools) if (!losses.has("tool content")) expect(span.input).toBeDefined();
  });

  it.each(toldOfModels)("%s says which calls failed", (name) => {
    const { calls, story } = told(name);
    for (const [span] of calls) if (story.fails) expect(span.status).toBe("error");
  });

  it.each(toldOfModels)("%s has a cost where it has tokens and a priced model", (name) => {
    const { calls, losses } = told(name);
    if (losses.has("model")) return;
    for (const [span] of calls) {
      expect(span.cost).toBeDefined();
      const hasTokens = span.usage.length > 0;
      expect(span.cost?.nanos === undefined).toBe(!hasTokens);
      if (!hasTokens) expect(span.cost?.reason).toBe("no-usage");
    }
  });
});
