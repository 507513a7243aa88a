import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReadSpan } from "../../../sdk/src/testing/read-spans.ts";
import { type SpanSink, startSpanSink } from "../../../sdk/src/testing/span-sink.ts";
import { type DemoSummary, runDemo } from "./run-demo.ts";

let sink: SpanSink;
let summary: DemoSummary;
const lines: string[] = [];

beforeAll(async () => {
  delete process.env["OPENAI_BASE_URL"];
  delete process.env["OPENAI_API_KEY"];
  sink = await startSpanSink();
  summary = await runDemo({ endpoint: sink.endpoint, speed: 1000, log: (line) => lines.push(line) });
});
afterAll(() => sink.stop());

function traceOf(index: number): readonly ReadSpan[] {
  const id = summary.traces[index]?.traceId;
  return sink.spans.filter(({ traceId }) => traceId === id);
}

function kindOf(span: ReadSpan): unknown {
  return span.attributes["telltale.span.kind"];
}

/** The tree in lines: two blanks for each level, children by their start. */
function treeOf(spans: readonly ReadSpan[], parent = "", depth = 0): string[] {
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .toSorted((first, second) => Number(first.start - second.start))
    .flatMap((span) => [
      `${"  ".repeat(depth)}${String(kindOf(span))} ${span.name}${span.statusCode === 2 ? " !" : ""}`,
      ...treeOf(spans, span.spanId, depth + 1),
    ]);
}

describe("the demo", () => {
  it("answers eight letters and says so", () => {
    expect(summary.runs).toBe(8);
    expect(summary.traces.map(({ name }) => name)).toEqual(["index_help_pages", ...Array(8).fill("support_request")]);
    expect(lines.join("\n")).toContain("an agent that goes round in circles\n    step limit");
  });

  it("sends every span once, in whole trees", () => {
    const ids = sink.spans.map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const index of summary.traces.keys()) {
      const spans = traceOf(index);
      expect(spans.filter(({ parentSpanId }) => parentSpanId === "")).toHaveLength(1);
      expect(treeOf(spans)).toHaveLength(spans.length);
    }
    expect(summary.traces.flatMap((_, index) => traceOf(index))).toHaveLength(ids.length);
  });

  it("pays a refund in a tree of agents, tools, a retrieval and calls", () => {
    const tree = treeOf(traceOf(1));
    // Both tools start at once; which begins first is not told.
    expect(tree.toSorted()).toEqual(
      [
        "workflow support_request",
        "  agent invoke_agent triage",
        "    llm chat gpt-5-mini",
        "  handoff hand over to refund",
        "    agent invoke_agent refund",
        "      llm chat gpt-4.1",
        "      tool execute_tool look_up_order",
        "      tool execute_tool search_knowledge_base",
        "        retrieval retrieval help_pages",
        "          embedding embeddings text-embedding-3-small",
        "      llm chat gpt-4.1",
        "      tool execute_tool issue_refund",
        "      llm chat gpt-4.1",
        "  agent invoke_agent writer",
        "    llm chat gpt-4o",
      ].toSorted(),
    );
    expect(tree[0]).toBe("workflow support_request");
  });

  it("goes round in circles for fourteen steps and stops at the limit", () => {
    const spans = traceOf(8);
    const searches = spans.filter(({ name }) => name === "execute_tool search_knowledge_base");
    expect(searches).toHaveLength(14);
    const queries = searches.map(({ attributes }) => String(attributes["gen_ai.tool.call.arguments"]));
    expect(new Set(queries).size).toBeGreaterThan(4);
    expect(new Set(queries).size).toBeLessThan(14);
    const agent = spans.find(({ name }) => name === "invoke_agent search");
    expect(agent).toMatchObject({ statusCode: 2, attributes: { "error.type": "StepLimitError" } });
    const cached = spans.map(({ attributes }) => Number(attributes["gen_ai.usage.cache_read.input_tokens"] ?? 0));
    expect(Math.max(...cached)).toBeGreaterThan(1024);
  });

  it("shows the attempt that failed and the one that did not", () => {
    const calls = traceOf(4).filter((span) => kindOf(span) === "llm");
    const [failed, repeated] = calls.toSorted((first, second) => Number(first.start - second.start));
    expect(failed).toMatchObject({ statusCode: 2, attributes: { "http.response.status_code": 500 } });
    expect(repeated).toMatchObject({ statusCode: 0, attributes: { "http.request.resend_count": 1 } });
    const limited = traceOf(3).filter(({ attributes }) => attributes["http.response.status_code"] === 429);
    expect(limited).toHaveLength(1);
  });

  it("marks the structured output that is broken behind a 200 OK", () => {
    const broken = traceOf(6).find(({ attributes }) => attributes["telltale.output.valid"] === false);
    expect(broken).toMatchObject({ name: "chat gpt-5-mini", statusCode: 0 });
    expect(broken?.attributes["telltale.output.invalid_reason"]).toMatch(/^not JSON: /);
    const valid = sink.spans.filter(({ attributes }) => attributes["telltale.output.valid"] === true);
    expect(valid).toHaveLength(7);
  });

  it("shows the tool that failed, and the agent that knew another way", () => {
    const tree = treeOf(traceOf(5)).map((line) => line.trim());
    expect(tree).toContain("tool execute_tool issue_refund !");
    expect(tree).toContain("tool execute_tool open_ticket");
    expect(tree).toContain("agent invoke_agent refund");
  });

  it("tells sessions, users, agents, tokens and the first word of streams", () => {
    const second = traceOf(2);
    for (const span of [...second, ...traceOf(3)]) {
      expect(span.attributes).toMatchObject({ "session.id": "chat-ben-1", "user.id": "ben" });
    }
    const writer = second.find(({ name }) => name === "chat gpt-4o");
    expect(writer?.attributes).toMatchObject({
      "gen_ai.agent.name": "writer",
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": { double: expect.any(Number) as number },
      "gen_ai.response.finish_reasons": ["stop"],
      "telltale.outcome": "complete",
    });
    for (const span of sink.spans.filter((candidate) => kindOf(candidate) === "llm" && candidate.statusCode === 0)) {
      expect(span.attributes["gen_ai.usage.input_tokens"]).toBeGreaterThan(1000);
      expect(span.attributes["gen_ai.usage.output_tokens"]).toBeGreaterThan(0);
    }
    const thinking = sink.spans.filter(({ attributes }) => attributes["gen_ai.usage.reasoning.output_tokens"] === 192);
    expect(thinking).toHaveLength(8);
  });

  it("says so when nobody takes its spans, and ends all the same", async () => {
    const said: string[] = [];
    const { runs } = await runDemo({ endpoint: "http://127.0.0.1:9", speed: 1000, log: (line) => said.push(line) });
    expect(runs).toBe(8);
    expect(said.at(-1)).toBe("Nobody takes spans at http://127.0.0.1:9: is Telltale running there?");
  });
});
