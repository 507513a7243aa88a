import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "../benchmarks/server/server-process.ts";
import type { OtlpTrace, SpanDetail, TraceScores } from "../packages/server/src/api-types.ts";
import { readRecording } from "../packages/server/src/testing/read-recording.ts";
import { chat, eventually, logsJson, send, tracesJson } from "./otlp-json.ts";
import { removeServer, startServer } from "./started-server.ts";

/** A recording of every wire and of every kind of content. */
const RECORDINGS = [
  "langfuse3/tools",
  "langfuse5/observation-types",
  "langsmith/lc-rag",
  "openai-agents/handoff",
  "openinference/rag",
  "openinference-python/masked",
  "otelofficial/tools",
  "otelofficial-latestsemconv/tools",
  "pydantic-ai/tools",
  "strands/tools",
  "vercel7/stuck",
  "mlflow/tools",
];

let server: ServerProcess;

beforeAll(async () => {
  server = await startServer();
}, 60_000);

afterAll(() => removeServer(server));

async function ask<Answer>(path: string): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

async function post(
  path: string,
  body: object | string,
  headers: { readonly [name: string]: string } = {},
): Promise<void> {
  const response = await fetch(server.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** Spans of a project once there are as many as wanted, all of them with nothing more to come. */
async function spansOf(project: string, wanted: number): Promise<readonly SpanDetail[]> {
  const ids = await eventually(
    () => server.query(`SELECT trace_id, span_id FROM spans WHERE project = '${project}' ORDER BY trace_id, span_id`),
    (rows) => rows.length >= wanted,
  );
  expect(ids.length).toBe(wanted);
  const spans = [];
  for (const [traceId, spanId] of ids)
    spans.push(await ask<SpanDetail>(`/traces/${String(traceId)}/spans/${String(spanId)}?project=${project}`));
  return spans;
}

async function sendRecording(name: string, project: string): Promise<number> {
  const { requests, spans } = readRecording(name);
  for (const { path, headers, body } of requests) {
    const sent: { [header: string]: string } = { "x-telltale-project": project };
    for (const header of ["content-type", "content-encoding"]) if (headers[header]) sent[header] = headers[header];
    const response = await fetch(server.url + path, { method: "POST", headers: sent, body: new Uint8Array(body) });
    if (!response.ok) throw new Error(`${name} ${path}: ${response.status}`);
  }
  return new Set(spans.map((span) => `${span.traceId} ${span.spanId}`)).size;
}

describe("a stored trace", () => {
  it.each(RECORDINGS)(
    "%s goes out as OTLP and comes in again as the same spans, with the same billing",
    async (name) => {
      const project = name.replace("/", "-");
      const wanted = await sendRecording(name, project);
      // Log records and later parts join their spans a moment after these.
      await spansOf(project, wanted);
      await new Promise((resolve) => setTimeout(resolve, 500));
      const before = await spansOf(project, wanted);
      for (const traceId of new Set(before.map((span) => span.traceId))) {
        const otlp = await ask<OtlpTrace>(`/traces/${traceId}/otlp?project=${project}`);
        await post("/v1/traces", otlp, { "x-telltale-project": `${project}-again` });
        expect((await ask<OtlpTrace>(`/traces/${traceId}/otlp?project=${project}&part=1`)).resourceSpans).toEqual([]);
      }
      const after = await spansOf(`${project}-again`, wanted);
      expect(after).toEqual(before.map((span) => ({ ...span, project: `${project}-again` })));
    },
    60_000,
  );
});

const hex = (bytes: number): string =>
  randomUUID()
    .replaceAll("-", "")
    .slice(0, bytes * 2);
const scoresOf = async (traceId: string, wanted: number): Promise<TraceScores["scores"]> =>
  (
    await eventually(
      () => ask<TraceScores>(`/traces/${traceId}/scores`),
      ({ scores }) => scores.length >= wanted,
    )
  ).scores;

describe("a judgement", () => {
  const evaluation = { "gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.75 };

  it.each(["before", "after"])("told in a log record %s its span is the span's score", async (order) => {
    const [traceId, spanId] = [hex(16), hex(8)];
    const tellSpan = (): Promise<void> =>
      send(server.url, "traces", tracesJson([{ traceId, spanId, attributes: chat(1, 1) }]));
    if (order === "after") await tellSpan();
    const eventName = "gen_ai.evaluation.result";
    const attributes = { ...evaluation, "gen_ai.evaluation.explanation": "it answers" };
    await send(server.url, "logs", logsJson([{ traceId, spanId, eventName, body: {}, attributes }]));
    if (order === "before") await tellSpan();
    expect(await scoresOf(traceId, 1)).toMatchObject([
      { name: "relevance", value: 0.75, label: "", explanation: "it answers", source: "api", spanId },
    ]);
  });

  it("told by Braintrust's scores is a score of the case that it was given for", async () => {
    const [traceId, parentSpanId, spanId] = [hex(16), hex(8), hex(8)];
    const attributes = {
      "braintrust.span_attributes": '{"type":"score"}',
      "braintrust.scores": '{"exact":1,"brevity":0.5}',
    };
    await send(server.url, "traces", tracesJson([{ traceId, spanId, parentSpanId, attributes }]));
    expect(await scoresOf(traceId, 2)).toMatchObject([
      { name: "exact", value: 1, source: "api", spanId: parentSpanId },
      { name: "brevity", value: 0.5, source: "api", spanId: parentSpanId },
    ]);
  });

  it("told by a span's own attributes is one score, also where the SDK tells it twice", async () => {
    const [traceId, parentSpanId] = [hex(16), hex(8)];
    const judge = hex(8);
    await send(
      server.url,
      "traces",
      tracesJson([
        {
          traceId,
          spanId: parentSpanId,
          attributes: {
            "openinference.span.kind": "LLM",
            "annotations.0.annotation.name": "tone",
            "annotations.0.annotation.label": "polite",
            "annotations.0.annotation.annotator_kind": "HUMAN",
            "trace.annotations.0.annotation.name": "solved",
            "trace.annotations.0.annotation.score": 1,
            "trace.annotations.0.annotation.annotator_kind": "LLM",
          },
        },
        {
          traceId,
          spanId: judge,
          parentSpanId,
          attributes: { "telltale.span.kind": "evaluation", "telltale.score.relevance": 0.75, ...evaluation },
        },
      ]),
    );
    const scores = await scoresOf(traceId, 3);
    expect(scores.toSorted((a, b) => a.name.localeCompare(b.name))).toMatchObject([
      { name: "relevance", value: 0.75, spanId: parentSpanId },
      { name: "solved", value: 1, source: "llm", spanId: null },
      { name: "tone", value: null, label: "polite", source: "human", spanId: parentSpanId },
    ]);
  });

  it("of Langfuse comes before its trace and is changed under its id; LangSmith's feedback comes after its run", async () => {
    const trace = randomUUID();
    const score = (value: number | string, at: number): object => ({
      id: randomUUID(),
      type: "score-create",
      timestamp: `2026-11-24T00:13:4${at}Z`,
      body: { id: "score-1", traceId: trace, name: "helpful", value, comment: "why", source: "ANNOTATION" },
    });
    await post("/api/public/ingestion", { batch: [score(0, 1)] });
    const body = { id: trace, name: "run", timestamp: "2026-11-24T00:13:40Z" };
    await post("/api/public/ingestion", {
      batch: [{ id: randomUUID(), type: "trace-create", timestamp: "2026-11-24T00:13:40Z", body }, score(1, 2)],
    });
    const traceId = trace.replaceAll("-", "");
    const told = await eventually(
      () => scoresOf(traceId, 1),
      ([first]) => first?.value === 1,
    );
    expect(told).toMatchObject([{ name: "helpful", value: 1, explanation: "why", source: "human" }]);

    const run = randomUUID();
    const start_time = "2026-11-24T00:13:40.000000Z";
    const order = `20261124T001340000000Z${run}`;
    await post("/runs", { id: run, trace_id: run, dotted_order: order, name: "chain", run_type: "chain", start_time });
    await post("/feedback", {
      run_id: run,
      trace_id: run,
      key: "correct",
      score: true,
      comment: "as it is",
      feedback_source: { type: "model" },
    });
    expect(await scoresOf(run.replaceAll("-", ""), 1)).toMatchObject([
      { name: "correct", value: 1, explanation: "as it is", source: "llm" },
    ]);
  });
});
